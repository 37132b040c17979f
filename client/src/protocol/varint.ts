/**
 * Unsigned variable-length integers (LEB128) and the byte reader and writer of the binary frames.
 * Numbers reach 2^53 - 1, beyond what JavaScript's bit operators hold, so the arithmetic is done with `*` and `%`.
 */

/** A frame that no correct peer can have written. */
export class FrameError extends Error {
  override name = "FrameError";
}

/** Collects the bytes of one frame. */
export class ByteWriter {
  private readonly bytes: number[] = [];

  byte(value: number): this {
    this.bytes.push(value);
    return this;
  }

  varint(value: number): this {
    let rest = value;
    while (rest > 0x7f) {
      this.bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.bytes.push(rest);
    return this;
  }

  zigzag(value: number): this {
    return this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.bytes);
  }
}

/** Walks over the bytes of one frame; every method throws FrameError where the data end too early. */
export class ByteReader {
  private offset = 0;
  private readonly data: Uint8Array;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  get done(): boolean {
    return this.offset >= this.data.length;
  }

  byte(): number {
    if (this.done) throw new FrameError("The frame ends too early.");
    return this.data[this.offset++];
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new FrameError("A number in the frame is too large.");
      if (byte < 0x80) return value;
      factor *= 0x80;
      if (factor > 2 ** 56) throw new FrameError("A number in the frame is too long.");
    }
  }

  zigzag(): number {
    const raw = this.varint();
    return raw % 2 === 0 ? raw / 2 : -((raw + 1) / 2);
  }
}
