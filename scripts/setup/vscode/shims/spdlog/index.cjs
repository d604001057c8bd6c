/**
 * Stands in for the native @vscode/spdlog, so that nothing has to be compiled:
 * the log files of VS Code's server, written line by line.
 */
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
const INFO = 2;
let level = INFO;

class Logger {
  constructor(file) {
    this.file = file;
    this.level = level;
    this.raw = false;
    this.descriptor = undefined;
  }

  write(severity, message) {
    if (severity < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').slice(0, 23);
    const text = this.raw ? message : `${time} [${LEVELS[severity]}] ${message}\n`;
    try {
      this.descriptor ??= fs.openSync(this.file, 'a');
      fs.writeSync(this.descriptor, text);
    } catch {
      // A log that cannot be written is no reason to fail.
    }
  }

  setLevel(to) {
    this.level = to;
  }
  getLevel() {
    return this.level;
  }
  setPattern() {
    this.raw = false;
  }
  clearFormatters() {
    this.raw = true;
  }
  flush() {}
  drop() {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
for (const [severity, name] of LEVELS.entries())
  Logger.prototype[name] = function (message) {
    this.write(severity, message);
  };

async function create(_name, file) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger(file);
}

exports.version = 11500;
exports.setLevel = (to) => {
  level = to;
};
exports.setFlushOn = () => {};
exports.Logger = class extends Logger {
  constructor(_kind, _name, file) {
    super(file);
  }
};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
