import { describe, expect, it } from 'vitest';
import { assertEqual } from '../src/store-suite/assert.ts';

describe('what is said of two values that are not the same', () => {
  it('is both of them', () =>
    expect(() => assertEqual({ next: null }, { next: '3' }, 'the page')).toThrow(
      new Error('the page: expected {next: "3"}, got {next: null}'),
    ));

  it('is first where they part, of long ones', () => {
    const rows = Array.from({ length: 50 }, (_, onHand) => ({ onHand }));
    const other = rows.map(({ onHand }) => ({ onHand: onHand === 7 ? 99 : onHand }));
    expect(() => assertEqual(other, rows, 'the rows')).toThrow(
      /^the rows: they part where ….{32}onHand: 7}, .*… was expected, and ….{32}onHand: 99}, .*… is; expected \[/,
    );
  });
});
