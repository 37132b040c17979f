/** Sign-in links: the token travels in the fragment, which no server log sees. */

const IN_FRAGMENT = /[#&]signin=([^&\s]+)/;
const TOKEN = /^[\w.~+/=:-]{8,4096}$/;

/** Return the token in a page's fragment, or null. */
export function tokenInHash(hash: string): string | null {
  const found = IN_FRAGMENT.exec(hash)?.[1];
  return found === undefined ? null : readToken(decode(found));
}

/** Return the token in what somebody pasted, a link or the token alone; null where there is none. */
export function readToken(pasted: string): string | null {
  const text = pasted.trim();
  if (text.includes("#")) return tokenInHash(text.slice(text.indexOf("#")));
  return TOKEN.test(text) ? text : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
