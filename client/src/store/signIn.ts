/** What the session sheet needs of the network's rooms. */

export { readToken } from "../net/signInLink";
