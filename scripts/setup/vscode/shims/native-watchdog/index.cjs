/** Stands in for the native @vscode/native-watchdog: a process leaves when its parent is gone. */
const PARENT_GONE = 87;

exports.start = (pid) => {
  const look = () => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(PARENT_GONE);
    }
  };
  setInterval(look, 3000).unref();
};
exports.exit = (code) => process.exit(code ?? 0);
