import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';

const PUBLIC = fileURLToPath(new URL('./public/', import.meta.url));

/** Draws `icon.svg` as the pictures that a home screen asks for. */
export async function makeIcons(browser: Browser): Promise<void> {
  const svg = readFileSync(`${PUBLIC}icon.svg`, 'utf8');
  await draw(browser, svg, 192, 'icon-192.png');
  await draw(browser, svg, 512, 'icon-512.png');
  // A mask may cut off all but the middle: the ground goes to the edges, and what is drawn on it is smaller.
  const maskable = svg.replace(/rx="112"/, '').replace('<g ', '<g transform="translate(64 64) scale(.75)" ');
  await draw(browser, maskable, 512, 'icon-maskable-512.png');
}

async function draw(browser: Browser, svg: string, size: number, file: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${svg}`);
  await page.screenshot({ path: `${PUBLIC}${file}`, omitBackground: true });
  await page.close();
}
