/**
 * The browsers: a pinned Chromium from npm that draws without a screen, for
 * tests and pictures, and whichever one the person has, for windows.
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { once, place } from './cache.mjs';
import { output } from './command.mjs';
import { Failure } from './steps.mjs';
import { unpack } from './tarball.mjs';

/**
 * @typedef {object} Browser
 * @property {string} path the executable
 * @property {Record<string, string>} env what its environment needs
 */

const pin = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  integrity:
    'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
};
/** For machines without any font: text, and code that lines up. */
const fontPin = {
  name: 'dejavu-fonts-ttf',
  version: '2.37.3',
  integrity:
    'sha512-f1hd7jJbeQa1VWcw+K2KrTXS50zTMaHpVC4XIKJpNcDeYR5ajMtj/iLlQDYNvLOKamUB3ARVVCf79lNwNVztSQ==',
};
const folder = place('chromium', pin.integrity, fontPin.integrity, 'layout 2');
const packed = process.platform === 'linux' && process.arch === 'x64';

const KNOWN = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/microsoft-edge',
  ],
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) =>
    ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map(
      (file) => path.join(process.env[variable] ?? '', file),
    ),
  ),
};

/**
 * A browser that can show a window: the one named by CHROME_PATH, or one that
 * is installed. Null where there is none.
 *
 * @returns {Browser | null}
 */
export function windowed() {
  const known = KNOWN[/** @type {keyof typeof KNOWN} */ (process.platform)] ?? [];
  const found = process.env.CHROME_PATH ?? known.find((file) => fs.existsSync(file));
  return found ? { path: found, env: {} } : null;
}

/**
 * A browser without a screen: CHROME_PATH, else the pinned one where npm has
 * it, else one that is installed.
 *
 * @returns {Browser}
 */
export function headless() {
  if (packed && !process.env.CHROME_PATH)
    return {
      path: path.join(folder, 'chromium'),
      env: {
        LD_LIBRARY_PATH: [path.join(folder, 'lib'), process.env.LD_LIBRARY_PATH]
          .filter(Boolean)
          .join(':'),
        FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
      },
    };
  const installed = windowed();
  if (installed) return installed;
  throw new Failure(
    'No Chrome, Chromium or Edge was found, and npm has none for ' +
      `${process.platform} on ${process.arch}: set CHROME_PATH to one.`,
  );
}

/** @type {import('./steps.mjs').Step} */
export const step = {
  title: 'Fetching Chromium 153 and fonts (75 MB)',
  done: !packed || process.env.CHROME_PATH !== undefined || fs.existsSync(folder),
  run: () => once(folder, install),
};

async function install(/** @type {string} */ temporary) {
  await unpack(pin, temporary, ['package/bin']);
  const part = (/** @type {string} */ name) =>
    zlib.brotliDecompressSync(fs.readFileSync(path.join(temporary, 'package', 'bin', name)));
  fs.writeFileSync(path.join(temporary, 'chromium'), part('chromium.br'), { mode: 0o755 });
  for (const archive of ['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']) {
    fs.writeFileSync(path.join(temporary, 'part.tar'), part(archive));
    const what = `Unpacking ${archive} of Chromium`;
    await output('tar', ['-xf', 'part.tar'], { cwd: temporary, what });
  }
  fs.rmSync(path.join(temporary, 'part.tar'));
  fs.rmSync(path.join(temporary, 'package'), { recursive: true });
  await unpack(fontPin, temporary, ['package/ttf']);
  for (const font of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSansMono.ttf'])
    fs.renameSync(
      path.join(temporary, 'package', 'ttf', font),
      path.join(temporary, 'fonts', font),
    );
  fs.rmSync(path.join(temporary, 'package'), { recursive: true });
  fs.writeFileSync(path.join(temporary, 'fonts.conf'), fonts());
}

/** The fonts of the machine come first; ours are for a machine that has none. */
function fonts() {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${path.join(folder, 'fonts')}</dir>
  <alias><family>monospace</family><default><family>DejaVu Sans Mono</family></default></alias>
  <alias><family>sans-serif</family><default><family>DejaVu Sans</family></default></alias>
  <cachedir>${path.join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
