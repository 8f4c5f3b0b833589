/** Preloaded into a server that was started by a script: when that script dies, however it dies, the server drains and stops. */

if (process.channel) {
  process.channel.unref();
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
