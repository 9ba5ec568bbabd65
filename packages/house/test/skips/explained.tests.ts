import { describe, it } from 'vitest';
import { needs } from '../../../testing/test/needs.ts';

describe('by night', needs('there is no moon'), () => {
  it('sees', () => undefined);
  it('sees far', () => undefined);
});
it('by day', needs('the sun is away'), () => undefined);
it('by candle', ({ skip }) => skip('it has burnt down'));
it('in the dark', needs(false), () => undefined);
