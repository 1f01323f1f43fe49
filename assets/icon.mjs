// Draws the packages' icon: a key whose bow is a closed ring, for a token that is bound to a key. Run: node assets/icon.mjs
import { deflateSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';

const size = 128;
const samples = 4;
const ground = [24, 58, 92];
const key = [255, 255, 255];
const bound = [255, 176, 32];

const box = (x, y, cx, cy, w, h, r) => {
  const dx = Math.max(Math.abs(x - cx) - w / 2 + r, 0);
  const dy = Math.max(Math.abs(y - cy) - h / 2 + r, 0);
  return Math.hypot(dx, dy) <= r;
};

const colour = (x, y) => {
  if (!box(x, y, 64, 64, 124, 124, 26)) return null;
  const fromBow = Math.hypot(x - 42, y - 64);
  if (fromBow <= 9) return bound;
  if (fromBow >= 17 && fromBow <= 28) return key;
  if (box(x, y, 88, 64, 46, 11, 2) || box(x, y, 105, 73, 10, 24, 2) || box(x, y, 87, 71, 9, 18, 2)) return key;
  return ground;
};

const rows = [];
for (let y = 0; y < size; y++) {
  const row = [0];
  for (let x = 0; x < size; x++) {
    const sum = [0, 0, 0];
    let covered = 0;
    for (let i = 0; i < samples * samples; i++) {
      const c = colour(x + ((i % samples) + 0.5) / samples, y + (Math.floor(i / samples) + 0.5) / samples);
      if (c) {
        covered++;
        c.forEach((value, channel) => { sum[channel] += value; });
      }
    }
    row.push(...sum.map(value => (covered ? Math.round(value / covered) : 0)), Math.round((255 * covered) / (samples * samples)));
  }
  rows.push(Buffer.from(row));
}

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const crc = body.reduce((c, byte) => crcTable[(c ^ byte) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff;
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc >>> 0, body.length + 4);
  return framed;
};

const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
header.set([8, 6, 0, 0, 0], 8);
writeFileSync(new URL('icon.png', import.meta.url), Buffer.concat([
  Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
  chunk('IEND', Buffer.alloc(0)),
]));
