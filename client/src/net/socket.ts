/** The WebSocket as a port: three members out, three callbacks in, so that tests bring their own. */

import { SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from "../protocol/messages.gen";

export interface Socket {
  readonly subprotocol: string;
  send(data: string | Uint8Array): void;
  /** Close and call nothing back. */
  close(): void;
}

export interface SocketEvents {
  opened(): void;
  message(data: string | ArrayBuffer): void;
  closed(code: number): void;
}

export type OpenSocket = (url: string, events: SocketEvents) => Socket;

export const openWebSocket: OpenSocket = (url, events) => {
  const socket = new WebSocket(url, [SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON]);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => events.opened();
  socket.onmessage = (event) => events.message(event.data);
  socket.onclose = (event) => events.closed(event.code);
  return {
    get subprotocol() {
      return socket.protocol;
    },
    send(data) {
      if (socket.readyState === WebSocket.OPEN) socket.send(data as string | Uint8Array<ArrayBuffer>);
    },
    close() {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
};
