/** Something that a process did to the files of a folder. */
export type DiskEvent = Readonly<{
  kind: 'write' | 'truncate' | 'sync' | 'remove' | 'say';
  path: string;
  offset: number;
  data: Buffer;
}>;

const KINDS = { W: 'write', T: 'truncate', S: 'sync', U: 'remove', A: 'say' } as const;
const HEAD = 17;
const SECTOR = 512;

/** Reads what `disk-shim.c` has recorded. */
export function readRecording(log: Buffer): readonly DiskEvent[] {
  const events: DiskEvent[] = [];
  for (let at = 0; at < log.length; ) {
    const kind = KINDS[String.fromCharCode(log[at] as number) as keyof typeof KINDS];
    const start = at + HEAD + log.readUInt32LE(at + 1);
    const end = start + (kind === 'write' || kind === 'say' ? log.readUInt32LE(at + 13) : 0);
    const path = log.toString('utf8', at + HEAD, start);
    events.push({ kind, path, offset: Number(log.readBigInt64LE(at + 5)), data: log.subarray(start, end) });
    at = end;
  }
  return events;
}

/** A file by what it holds, whatever its name is: a file that was removed may come back with its name. */
class Inode {
  #durable = new Bytes();
  #pending: DiskEvent[] = [];

  change(event: DiskEvent): void {
    this.#pending.push(event);
  }

  sync(): void {
    for (const event of this.#pending) this.#durable.apply(event);
    this.#pending = [];
  }

  /** What is left of it: what was synced, and of the rest whatever chance keeps, in whole, in sectors or not at all. */
  afterCut(random: () => number): Buffer {
    const left = this.#durable.copy();
    const kept = random();
    for (const event of this.#pending) {
      if (random() >= kept) continue;
      const isTorn = event.kind === 'write' && random() < 0.3;
      for (const part of isTorn ? sectorsOf(event) : [event]) if (!isTorn || random() < kept) left.apply(part);
    }
    return left.contents();
  }
}

function sectorsOf(event: DiskEvent): readonly DiskEvent[] {
  const count = Math.ceil(event.data.length / SECTOR);
  return Array.from({ length: count }, (_, sector) => ({
    ...event,
    offset: event.offset + sector * SECTOR,
    data: event.data.subarray(sector * SECTOR, (sector + 1) * SECTOR),
  }));
}

/** The contents of a file; a gap reads as zeros. */
class Bytes {
  #buffer = Buffer.alloc(0);
  #length = 0;

  apply({ kind, offset, data }: DiskEvent): void {
    const end = kind === 'truncate' ? offset : Math.max(this.#length, offset + data.length);
    if (end > this.#buffer.length) {
      const larger = Buffer.alloc(2 * end);
      this.#buffer.copy(larger);
      this.#buffer = larger;
    }
    if (kind === 'truncate') this.#buffer.fill(0, Math.min(end, this.#length), this.#length);
    else data.copy(this.#buffer, offset);
    this.#length = end;
  }

  copy(): Bytes {
    const copy = new Bytes();
    copy.#buffer = Buffer.from(this.contents());
    copy.#length = this.#length;
    return copy;
  }

  contents(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

type NameChange = Readonly<{ path: string; inode: Inode | null }>;

/**
 * The files of one folder, as a disk may have them after a power cut. What was synced stays. Of what was not, any part
 * may be there and any may be missing, in any order. Names that were made and removed are kept in order, up to some
 * point, and for certain once the folder was synced.
 */
export class RecordedDisk {
  readonly #folder: string;
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #nameChanges: NameChange[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  happen(event: DiskEvent): void {
    const { kind, path } = event;
    if (kind === 'say') return;
    if (kind === 'remove') this.#rename({ path, inode: null });
    else if (kind !== 'sync') this.#inode(path).change(event);
    else if (path === this.#folder) this.#syncNames();
    else this.#inode(path).sync();
  }

  /** The files after a power cut now. */
  cut(random: () => number): ReadonlyMap<string, Buffer> {
    const names = new Map(this.#durableNames);
    const until = Math.floor(random() * (this.#nameChanges.length + 1));
    for (const change of this.#nameChanges.slice(0, until)) applyName(names, change);
    return new Map([...names].map(([path, inode]) => [path, inode.afterCut(random)]));
  }

  #inode(path: string): Inode {
    const known = this.#names.get(path);
    if (known !== undefined) return known;
    const inode = new Inode();
    this.#rename({ path, inode });
    return inode;
  }

  #rename(change: NameChange): void {
    applyName(this.#names, change);
    this.#nameChanges.push(change);
  }

  #syncNames(): void {
    this.#durableNames = new Map(this.#names);
    this.#nameChanges = [];
  }
}

function applyName(names: Map<string, Inode>, { path, inode }: NameChange): void {
  if (inode === null) names.delete(path);
  else names.set(path, inode);
}
