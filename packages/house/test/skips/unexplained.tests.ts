import { it } from 'vitest';

it.skip('one day', () => undefined);
it('today', () => undefined);
