import { lines } from './element.ts';

/** The micro-kernel: rows of its block of the result, vectors and columns in a row, and how it multiplies and adds. */
interface Shape {
  readonly MR: number;
  readonly NV: number;
  readonly NR: number;
  readonly madd: string;
  /** Made for V8 to put two vectors into one register of twice the width. */
  readonly paired?: true;
}

/**
 * What fits the sixteen registers of the fewest machines: products that are
 * still to be added need some of their own, fused ones need none, and
 * registers of 256 bits take two vectors each.
 */
const shapes = {
  fused: { MR: 6, NV: 2, NR: 8, madd: 'f32x4.relaxed_madd' },
  separate: { MR: 2, NV: 4, NR: 16, madd: 'madd' },
  wide: { MR: 6, NV: 4, NR: 16, madd: 'f32x4.relaxed_madd', paired: true },
} satisfies { [name: string]: Shape };

/** A block of y of KC rows and NC columns is packed into panels of NR columns, a block of x of MC rows into panels of MR rows. */
const KC = 256;
const MC = 96;
const NC = 2048;
/** Columns of y that are packed side by side where they lie so. */
const TOGETHER = 32;
/** With at most this many rows in x, packing y costs more than it brings. */
const FEW = 6;

/**
 * out = x @ y in f32: register blocks over packed panels (Goto and van de
 * Geijn, Anatomy of High-Performance Matrix Multiplication, 2008), and ways
 * of their own for a vector times a matrix. Every operand comes with the bytes from
 * row to row and from column to column, so that a transposed one is only
 * packed in another way.
 */
export function matMul(width: 'fused' | 'separate'): string {
  return [blocked(shapes[width]), vectors, products(true)].join('\n');
}

/**
 * The same for V8's revectorization, and nothing but register blocks: what
 * streams through memory gains nothing by wider registers. Every sum has the
 * order and the fused steps of the narrow kernels, so results are the same, bit for bit.
 */
export function wideMatMul(): string {
  return [blocked(shapes.wide), products(false)].join('\n');
}

function blocked(shape: Shape): string {
  return [micros(shape), packY(shape), packX(shape), blocks(shape)].join('\n');
}

const register = (i: number, j: number) => `r${i}_${j}`;

/** Blocks of MR rows, and of the fewer that are left: none computes rows that are not there. */
function micros(shape: Shape): string {
  const { MR } = shape;
  const heights = Array.from({ length: MR }, (_, i) => MR - i);
  return `
${heights.map((high) => micro(shape, high)).join('\n')}
function micro(high: i32, kc: i32, x: usize, y: usize, sy: i32, o: usize, ro: i32, from: usize): void {
  ${heights.map((high) => `if (high == ${high}) return micro${high}(kc, x, y, sy, o, ro, from);`).join('\n')}
}`;
}

/**
 * `high` by NR of out: kc steps over a panel of x and rows of y that lie `sy` apart; added to what lies at `from` where that is not 0.
 *
 * V8 takes the halves of a pair apart again where a loop ends whose sums are
 * read by anything but another loop, and does so in every round. So the paired
 * kernel makes its last step in a loop of its own: without it, half the time goes there.
 */
function micro({ MR, NV, madd, paired }: Shape, high: number): string {
  const grid = (line: (i: number, j: number) => string) =>
    lines(high, (i) => lines(NV, (j) => line(i, j)));
  const steps = (last: number) => `
  for (; kc > ${last}; kc--) {
    ${lines(NV, (j) => `const y${j} = v128.load(y, ${16 * j});`)}
    ${lines(high, (i) => `const x${i} = v128.load32_splat(x, ${4 * i});`)}
    ${grid((i, j) => `${register(i, j)} = ${madd}(x${i}, y${j}, ${register(i, j)});`)}
    x += ${4 * MR}; y += sy;
  }`;
  return `
function micro${high}(kc: i32, x: usize, y: usize, sy: i32, o: usize, ro: i32, from: usize): void {
  ${grid((i, j) => `let ${register(i, j)} = f32x4.splat(0);`)}
  ${paired ? steps(1) : ''}${steps(0)}
  if (from) {
    ${lines(high, (i) => lines(NV, (j) => `v128.store(o, f32x4.add(v128.load(from, ${16 * j}), ${register(i, j)}), ${16 * j});`) + '\no += ro; from += ro;')}
  } else {
    ${lines(high, (i) => lines(NV, (j) => `v128.store(o, ${register(i, j)}, ${16 * j});`) + '\no += ro;')}
  }
}`;
}

/** Panels of NR columns, k after k; what is missing of the last one is zero. */
const packY = ({ NV, NR }: Shape) => `
export function packY(kc: i32, nc: i32, y: usize, rs: i32, cs: i32, to: usize): void {
  let j = 0;
  // Several panels at once, so that every line of the cache is read whole.
  if (cs == 4) for (; j + ${TOGETHER} <= nc; j += ${TOGETHER}) {
    const next = kc * ${4 * NR};
    for (let k = 0, p = y + (j << 2); k < kc; k++) {
      let t = to;
      ${lines(TOGETHER / NR, (i) => lines(NV, (v) => `v128.store(t, v128.load(p, ${4 * NR * i + 16 * v}), ${16 * v});`) + ' t += next;')}
      to += ${4 * NR}; p += rs;
    }
    to += ${TOGETHER / NR - 1} * next;
  }
  for (; j < nc; j += ${NR}) {
    const wide = min(${NR}, nc - j);
    let p = y + j * cs;
    if (wide == ${NR} && cs == 4) {
      for (let k = 0; k < kc; k++) {
        ${lines(NV, (v) => `v128.store(to, v128.load(p, ${16 * v}), ${16 * v});`)}
        to += ${4 * NR}; p += rs;
      }
    } else if (wide == ${NR} && rs == 4) {
      let k = 0;
      for (; k + 4 <= kc; k += 4) {
        let q = p, t = to;
        for (let v = 0; v < ${NV}; v++) {
          ${lines(4, (i) => `const v${i} = v128.load(q + ${i} * cs);`)}
          const t0 = i32x4.shuffle(v0, v1, 0, 4, 1, 5), t1 = i32x4.shuffle(v2, v3, 0, 4, 1, 5);
          const t2 = i32x4.shuffle(v0, v1, 2, 6, 3, 7), t3 = i32x4.shuffle(v2, v3, 2, 6, 3, 7);
          v128.store(t, i32x4.shuffle(t0, t1, 0, 1, 4, 5));
          v128.store(t, i32x4.shuffle(t0, t1, 2, 3, 6, 7), ${4 * NR});
          v128.store(t, i32x4.shuffle(t2, t3, 0, 1, 4, 5), ${8 * NR});
          v128.store(t, i32x4.shuffle(t2, t3, 2, 3, 6, 7), ${12 * NR});
          q += 4 * cs; t += 16;
        }
        to += ${16 * NR}; p += 16;
      }
      for (; k < kc; k++) {
        for (let c = 0; c < ${NR}; c++) store<f32>(to + (c << 2), load<f32>(p + c * cs));
        to += ${4 * NR}; p += 4;
      }
    } else if (cs == 4) {
      for (let k = 0; k < kc; k++) {
        for (let v = 0; v < ${NV}; v++) {
          const left = wide - 4 * v;
          v128.store(to + (v << 4), left >= 4 ? v128.load(p + (v << 4)) : loadTail_4(p + (v << 4), left));
        }
        to += ${4 * NR}; p += rs;
      }
    } else {
      for (let k = 0; k < kc; k++) {
        for (let c = 0; c < ${NR}; c++) store<f32>(to + (c << 2), c < wide ? load<f32>(p + c * cs) : 0);
        to += ${4 * NR}; p += rs;
      }
    }
  }
}`;

/**
 * Panels of MR rows, k after k; rows that the last one lacks are not written.
 * Rows in a row are turned on their side four steps at a time; of a matrix on
 * its side all panels are written side by side, as its columns are read in a row.
 */
const packX = ({ MR }: Shape) => {
  const pairs = Array.from({ length: MR / 2 }, (_, i) => i);
  /** The steps of two rows that lie in half a vector: the first two of four, then the others. */
  const halves = ['t', 'u'].flatMap((name) =>
    [0, 1].flatMap((half) => pairs.map((i) => ({ name: `${name}${i}`, half }))),
  );
  const turned = pairs.flatMap((i) => [
    `const t${i} = i32x4.shuffle(v${2 * i}, v${2 * i + 1}, 0, 4, 1, 5);`,
    `const u${i} = i32x4.shuffle(v${2 * i}, v${2 * i + 1}, 2, 6, 3, 7);`,
  ]);
  const stored = lines(halves.length / 2, (i) => {
    const [a, b] = [halves[2 * i]!, halves[2 * i + 1]!];
    return `v128.store(to, i64x2.shuffle(${a.name}, ${b.name}, ${a.half}, ${2 + b.half}), ${16 * i});`;
  });
  const fours = Math.floor(MR / 4);
  const column = [
    ...Array.from(
      { length: fours },
      (_, i) => `v128.store(t, v128.load(q, ${16 * i}), ${16 * i});`,
    ),
    ...(MR % 4 ? [`store<i64>(t, load<i64>(q, ${16 * fours}), ${16 * fours});`] : []),
  ].join(' ');
  return `
function packX(mc: i32, kc: i32, x: usize, rs: i32, cs: i32, to: usize): void {
  let i = 0;
  if (rs == 4) {
    const whole = mc - mc % ${MR};
    for (let k = 0, p = x, at = to; k < kc; k++) {
      for (let q = p, t = at, end = p + (whole << 2); q < end; q += ${4 * MR}) { ${column} t += kc * ${4 * MR}; }
      p += cs; at += ${4 * MR};
    }
    i = whole; to += (whole * kc) << 2;
  }
  for (; i < mc; i += ${MR}) {
    const high = min(${MR}, mc - i);
    let p = x + i * rs, k = 0;
    if (high == ${MR}) {
      if (cs == 4) for (; k + 4 <= kc; k += 4) {
        ${lines(MR, (r) => `const v${r} = v128.load(p${r ? ` + ${r} * rs` : ''});`)}
        ${turned.join(' ')}
        ${stored}
        to += ${16 * MR}; p += 16;
      }
      for (; k < kc; k++) {
        ${lines(MR, (r) => `store<f32>(to, load<f32>(p${r ? ` + ${r} * rs` : ''}), ${4 * r});`)}
        to += ${4 * MR}; p += cs;
      }
    } else {
      for (; k < kc; k++) {
        for (let r = 0; r < high; r++) store<f32>(to + (r << 2), load<f32>(p + r * rs));
        to += ${4 * MR}; p += cs;
      }
    }
  }
}`;
};

const blocks = ({ MR, NR }: Shape) => `
// The same for who spreads a product over threads (engine/devices/cpu/product.ts).
export const depth: i32 = ${KC}, columns: i32 = ${NC}, width: i32 = ${NR}, few: i32 = ${FEW};
/** Where behind work packed panels of y begin. */
export const packed: i32 = ${4 * (MR * NR + KC * (MC + MR))};
/** The elements of a row of a corner that lie within out. */
function part(o: usize, corner: usize, n: i32, from: usize): void {
  for (; n >= 4; n -= 4) {
    const v = v128.load(corner);
    v128.store(o, from ? f32x4.add(v128.load(from), v) : v);
    o += 16; corner += 16;
    if (from) from += 16;
  }
  if (n > 0) storeTail_4(o, n, from ? f32x4.add(loadTail_4(from, n), v128.load(corner)) : v128.load(corner));
}
/**
 * m rows and nc columns of out from kc steps: x is packed on the way, of y
 * every ${NR} columns begin step bytes per column behind y, in rows sy apart.
 * They are added to what lies at \`before\` as out lies at o, if that is not 0.
 */
export function panel(m: i32, nc: i32, kc: i32, x: usize, rx: i32, cx: i32, y: usize, sy: i32, step: i32, o: usize, ro: i32, before: usize, work: usize): void {
  const corner = work, px = work + ${4 * MR * NR};
  for (let ic = 0; ic < m; ic += ${MC}) {
    const mc = min(${MC}, m - ic);
    packX(mc, kc, x + ic * rx, rx, cx, px);
    for (let jr = 0; jr < nc; jr += ${NR}) {
      const wide = min(${NR}, nc - jr), side = y + jr * step;
      for (let ir = 0; ir < mc; ir += ${MR}) {
        const high = min(${MR}, mc - ir), to = (ic + ir) * ro + (jr << 2), at = px + ((ir * kc) << 2);
        const c = o + to, from = before ? before + to : 0;
        if (wide == ${NR}) micro(high, kc, at, side, sy, c, ro, from);
        else {
          micro(high, kc, at, side, sy, corner, ${4 * NR}, 0);
          for (let i = 0; i < high; i++) part(c + i * ro, corner + i * ${4 * NR}, wide, from ? from + i * ro : 0);
        }
      }
    }
  }
}
function block(m: i32, n: i32, k: i32, x: usize, rx: i32, cx: i32, y: usize, ry: i32, cy: i32, o: usize, work: usize): void {
  const ro = n << 2, inPlace = m <= few && cy == 4, py = work + packed;
  for (let jc = 0; jc < n; jc += columns) {
    const nc = min(columns, n - jc);
    for (let pc = 0; pc < k; pc += depth) {
      const kc = min(depth, k - pc), from = y + pc * ry + jc * cy;
      const whole = inPlace ? nc & ~(width - 1) : 0, c = o + (jc << 2), before = pc > 0 ? c : 0;
      if (whole > 0) panel(m, whole, kc, x + pc * cx, rx, cx, from, ry, 4, c, ro, before, work);
      if (nc > whole) {
        packY(kc, nc - whole, from + whole * cy, ry, cy, py);
        panel(m, nc - whole, kc, x + pc * cx, rx, cx, py, ${4 * NR}, kc << 2, c + (whole << 2), ro, before ? before + (whole << 2) : 0, work);
      }
    }
  }
}
`;

/** Bytes that `block` works on at most. */
export function blockBytes(): number {
  return Math.max(
    ...Object.values(shapes).map(({ MR, NR }) => 4 * (MR * NR + KC * (MC + MR) + KC * NC)),
  );
}

/** x0 y0 + x1 y1 + x2 y2 + x3 y3, in pairs. */
function four(y: (i: number) => string): string {
  const pair = (i: number) => `madd(x${i + 1}, ${y(i + 1)}, f32x4.mul(x${i}, ${y(i)}))`;
  return `f32x4.add(${pair(0)}, ${pair(2)})`;
}

const vectors = `
/** out[j] = the sum over k of x[k] y[k][j], rows of y in a row: four rows at a time stream through. */
export function rowTimes(n: i32, k: i32, x: usize, sx: i32, y: usize, ry: i32, o: usize): void {
  for (let j = 0; j < n; j += 1024) {
    const wide = min(1024, n - j), out = o + (j << 2);
    let p = x, q = y + (j << 2), at = 0;
    for (; at + 4 <= k; at += 4) {
      ${lines(4, (i) => `const x${i} = v128.load32_splat(p + ${i} * sx);`)}
      let ${[0, 1, 2, 3].map((i) => `q${i} = q + ${i} * ry`).join(', ')};
      let c = out, left = wide;
      for (; left >= 4; left -= 4) {
        let v = ${four((i) => `v128.load(q${i})`)};
        if (at > 0) v = f32x4.add(v128.load(c), v);
        v128.store(c, v);
        c += 16; ${[0, 1, 2, 3].map((i) => `q${i} += 16;`).join(' ')}
      }
      if (left > 0) {
        let v = ${four((i) => `loadTail_4(q${i}, left)`)};
        if (at > 0) v = f32x4.add(loadTail_4(c, left), v);
        storeTail_4(c, left, v);
      }
      p += 4 * sx; q += 4 * ry;
    }
    for (; at < k; at++) {
      const x0 = v128.load32_splat(p);
      let a = q, c = out, left = wide;
      for (; left >= 4; left -= 4) {
        const v = f32x4.mul(x0, v128.load(a));
        v128.store(c, at > 0 ? f32x4.add(v128.load(c), v) : v);
        a += 16; c += 16;
      }
      if (left > 0) {
        const v = f32x4.mul(x0, loadTail_4(a, left));
        storeTail_4(c, left, at > 0 ? f32x4.add(loadTail_4(c, left), v) : v);
      }
      p += sx; q += ry;
    }
  }
}
/** out[j] = the sum over k of x[k] y[j][k], both in a row. */
export function dots(n: i32, k: i32, x: usize, y: usize, sy: i32, o: usize): void {
  for (; n > 0; n--) {
    let p = x, q = y, left = k;
    ${lines(4, (i) => `let v${i} = f32x4.splat(0);`)}
    for (; left >= 16; left -= 16) {
      ${lines(4, (i) => `v${i} = madd(v128.load(p, ${16 * i}), v128.load(q, ${16 * i}), v${i});`)}
      p += 64; q += 64;
    }
    for (; left >= 4; left -= 4) { v0 = madd(v128.load(p), v128.load(q), v0); p += 16; q += 16; }
    if (left > 0) v1 = madd(loadTail_4(p, left), loadTail_4(q, left), v1);
    let v = f32x4.add(f32x4.add(v0, v1), f32x4.add(v2, v3));
    v = f32x4.add(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
    store<f32>(o, f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1));
    o += 4; y += sy;
  }
}`;

/** With `vectors`, a vector times a matrix goes its own way. */
const products = (vectors: boolean) => `
/**
 * As many products as batch says, m by k times k by n: bytes from row to
 * row and column to column, and from one product to the next.
 */
export function matMul(batch: i32, m: i32, n: i32, k: i32, x: usize, rx: i32, cx: i32, bx: i32, y: usize, ry: i32, cy: i32, by: i32, o: usize, work: usize): void {
  for (; batch > 0; batch--) {
    ${
      vectors
        ? `if (m == 1 && ry == 4 && cx == 4) dots(n, k, x, y, cy, o);
    else if (n == 1 && cx == 4 && ry == 4) dots(m, k, y, x, rx, o);
    else if (m == 1 && cy == 4) rowTimes(n, k, x, cx, y, ry, o);
    else if (n == 1 && rx == 4) rowTimes(m, k, y, ry, x, cx, o);
    else `
        : ''
    }block(m, n, k, x, rx, cx, y, ry, cy, o, work);
    x += bx; y += by; o += (m * n) << 2;
  }
}`;
