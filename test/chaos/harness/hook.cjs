/** Loaded into api and worker before the program: does at a failpoint what the suite has ordered for it, once. */
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');

const directory = process.env.CHAOS_ORDERS;
const passed = new Map();

function orderFor(name) {
  try {
    return JSON.parse(readFileSync(path.join(directory, `${name}.order`), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Of several processes one gets the order: a file can be renamed once. */
function claim(name, { id }) {
  try {
    renameSync(path.join(directory, `${name}.order`), path.join(directory, `${id}.claimed`));
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
  writeFileSync(path.join(directory, `${id}.new`), JSON.stringify({ pid: process.pid }));
  renameSync(path.join(directory, `${id}.new`), path.join(directory, `${id}.fired`));
  return true;
}

const ACTIONS = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  stop: () => process.kill(process.pid, 'SIGSTOP'),
  async hold(id) {
    while (!existsSync(path.join(directory, `${id}.released`))) await pause(20);
  },
};

globalThis[Symbol.for('meeting-pipeline.failpoint')] = async (name) => {
  const order = orderFor(name);
  if (!order) return;
  const times = (passed.get(order.id) ?? 0) + 1;
  passed.set(order.id, times);
  if (times > order.skip && claim(name, order)) await ACTIONS[order.action](order.id);
};
