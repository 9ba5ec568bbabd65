import { parseArgs } from 'node:util';
import { figure } from '../print.ts';
import { simulateDay, type World } from './day.ts';

// `pnpm scale [--organizations 1000 …]`: a day of shops, minute by minute, against what one writer carries.

const { values } = parseArgs({
  args: process.argv.slice(2).filter(argument => argument !== '--'),
  options: {
    organizations: { type: 'string', default: '1000' },
    devices: { type: 'string', default: '3' },
    sales: { type: 'string', default: '200' },
    lines: { type: 'string', default: '3' },
    hot: { type: 'string', default: '0.2' },
    seed: { type: 'string', default: '1' },
  },
});
const world: World = {
  organizations: Number(values.organizations),
  devices: Number(values.devices),
  salesPerDevice: Number(values.sales),
  linesPerSale: Number(values.lines),
  hotShare: Number(values.hot),
  seed: Number(values.seed),
};
if (Object.values(world).some(value => !(value > 0)) || world.hotShare > 1) {
  console.error('usage: pnpm scale [--organizations N] [--devices N] [--sales N] [--lines N] [--hot SHARE] [--seed N]');
  process.exit(2);
}
const day = simulateDay(world);
console.log(
  `${figure(world.organizations)} organizations × ${world.devices} devices × ${world.salesPerDevice} sales a day`,
);
console.log(`commands a day                     ${figure(day.commands)}`);
console.log(`commands/s, mean of the day        ${figure(day.commands / 86_400)}`);
console.log(`commands/s, busiest minute         ${figure(day.busiestPerSecond)}`);
console.log(`commands/s, busiest organization   ${figure(day.busiestOrganizationPerSecond)}`);
console.log(`commands/s, its hottest variant    ${figure(day.hottestVariantPerSecond)}`);
console.log(`movements a year                   ${figure(day.commands * world.linesPerSale * 365)}`);
