import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Session } from 'node:inspector';
import { Page, survivors } from '../devices/cpu/page.ts';
import type { Oracle } from '../liveness.ts';

/**
 * Which pages does the program still hold? Asked of V8, synchronously, inside
 * the running job: neither a FinalizationRegistry (it runs between jobs) nor a
 * WeakRef (it keeps its target to the end of the job) can say that.
 */
export function oracle(): Oracle | null {
  return fromWeakSet() ?? fromInspector();
}

/** One collection, then whatever is left in a WeakSet, as `util.inspect` sees it: 3 ms on a small heap. */
export function fromWeakSet(): Oracle | null {
  const collect = collector();
  if (collect === null) return null;
  const pages = new WeakSet<Page>();
  return {
    name: 'WeakSet',
    watch: (page) => void pages.add(page),
    forget: (page) => void pages.delete(page),
    survivors() {
      collect();
      survivors.length = 0;
      inspect(pages, everything);
      return survivors.splice(0);
    },
  };
}

/** All objects with the prototype of pages, as the inspector finds them: 40 ms on a small heap. */
export function fromInspector(): Oracle | null {
  if (open() === null) return null;
  return {
    name: 'inspector',
    watch() {},
    forget() {},
    survivors() {
      survivors.length = 0;
      for (const page of instances(Page.prototype)) page.survive();
      return survivors.splice(0);
    },
  };
}

/** Every object with that prototype that something holds, found by one collection. */
export function instances<T extends object>(prototype: T): readonly T[] {
  const session = open();
  if (session === null)
    throw new Error('the inspector, which finds objects, is not to be had here');
  const found: T[] = [];
  const holder = globalThis as { [key: symbol]: unknown };
  holder[KEY] = { prototype, found };
  try {
    const expression = `globalThis[Symbol.for('${KEY.description}')].prototype`;
    const { result } = post(session, 'Runtime.evaluate', { expression, objectGroup: GROUP });
    const { objects } = post(session, 'Runtime.queryObjects', {
      prototypeObjectId: result.objectId,
      objectGroup: GROUP,
    });
    post(session, 'Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: `function () { const { found } = globalThis[Symbol.for('${KEY.description}')]; for (const one of this) found.push(one); }`,
    });
    return found;
  } finally {
    delete holder[KEY];
    post(session, 'Runtime.releaseObjectGroup', { objectGroup: GROUP });
  }
}
const KEY = Symbol.for('@tapedeck/instances');
const GROUP = 'tapedeck-instances';

let session: Session | null = null;

/** A session of our own with the inspector; null where there is none. */
function open(): Session | null {
  if (session !== null) return session;
  try {
    const made = new Session();
    made.connect();
    return (session = made);
  } catch {
    return null;
  }
}

const everything = { showHidden: true, maxArrayLength: Infinity, breakLength: Infinity };

/** V8's own collector, which scripts see only behind a flag. */
function collector(): (() => void) | null {
  try {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc') as () => void;
  } catch {
    return null;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}

/** An inspector command; the answer is there when it returns. */
function post(session: Session, method: string, params: object): any {
  let answer: unknown;
  let failure: Error | null = null;
  session.post(method as 'Runtime.evaluate', params as never, (error, result) => {
    failure = error;
    answer = result;
  });
  if (failure !== null) throw failure;
  return answer;
}
