/**
 * Bytes that come in pieces. However small the pieces are, what is kept is the bytes, and at most as much room again: a
 * million pieces of one byte would otherwise take a hundred times their length.
 */
export class ByteCollector {
  #bytes: Uint8Array = new Uint8Array();
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    const before = this.#length;
    this.#length += piece.byteLength;
    // Most bodies are one piece, which is kept as it is; a second one is always too large for the room of the first.
    if (before === 0) this.#bytes = piece;
    else {
      if (this.#length > this.#bytes.byteLength) this.#grow(before);
      this.#bytes.set(piece, before);
    }
  }

  /** All of them, in one piece. */
  toBytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(kept: number): void {
    const bytes = new Uint8Array(2 * this.#length);
    bytes.set(this.#bytes.subarray(0, kept));
    this.#bytes = bytes;
  }
}
