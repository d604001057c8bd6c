import type { TierChoice, TierInfo } from '../../device.ts';
import { check } from './tier-check.ts';
import { Equipment } from './equipment.ts';
import { parts, type Parts } from './parts.ts';
import type { Room } from './room.ts';
import type { Team } from './team.ts';
import type { Blas, Turbo } from './turbo.ts';
import { widen, type Multiplier, type Wasm } from './wasm.ts';

/** The ways to multiply matrices, from the one that is always there to the one that asks most of a machine. */
export const tierNames = ['simd', 'wide', 'blas'] as const;
export type TierName = (typeof tierNames)[number];

export interface Tier {
  readonly name: TierName;
  readonly about: string;
  /** The kernels of what is not done in parts. */
  readonly kernels: Multiplier;
  /** Of BLAS. */
  readonly parts: Parts | null;
  readonly blas: Blas | null;
  /** How many multiplications take the time of one addition of elements, about. */
  readonly speed: number;
}

/**
 * Which way matrices are multiplied is said by the program or its environment;
 * within one it is a matter of the shapes. A tier is opened when it is first
 * asked for, and only to be had if it computes what `simd` computes.
 */
export class Tiers implements TierChoice {
  readonly #wasm: Wasm;
  readonly #memory: WebAssembly.Memory;
  readonly #room: Room;
  readonly #team: Team;
  readonly #turbo: Turbo | null;
  /** Open ones, and why others are not. */
  readonly #known = new Map<TierName, Tier | string>();
  #current: Tier;

  constructor(
    wasm: Wasm,
    memory: WebAssembly.Memory,
    room: Room,
    team: Team,
    turbo: Turbo | null = null,
  ) {
    this.#wasm = wasm;
    this.#memory = memory;
    this.#room = room;
    this.#team = team;
    this.#turbo = turbo;
    this.#current = {
      name: 'simd',
      about: `WebAssembly, 128 bits${wasm.fused ? ', multiply-adds in one step' : ''}`,
      kernels: wasm,
      parts: null,
      blas: null,
      speed: 4,
    };
    this.#known.set('simd', this.#current);
  }

  get current(): Tier {
    return this.#current;
  }

  /** Multiplies that way from here on; `who` asks for it. Throws where there is no such tier, and keeps the one there is. */
  choose(name: string, who: string): void {
    if (!isTier(name)) {
      throw new Error(`${who}: no tier is called '${name}'; there are ${listed(tierNames)}`);
    }
    const tier = this.#open(name);
    if (typeof tier === 'string') {
      const rest = tierNames.filter((other) => typeof this.#open(other) !== 'string');
      const instead = `${listed(rest)} ${rest.length === 1 ? 'is' : 'are'} available here`;
      throw new Error(`${who}: the tier ${name} is not available: ${tier}; ${instead}`);
    }
    if (tier === this.#current) return;
    this.#current = tier;
    const { kernels, parts: kernel, blas } = tier;
    const modules = kernels === this.#wasm ? [kernels] : [this.#wasm, kernels];
    this.#team.equip(new Equipment(modules, kernel && blas && { kernel, blas }));
  }

  /** All of them; opens each. */
  list(): Readonly<Record<TierName, TierInfo>> {
    const info = (name: TierName): TierInfo => {
      const tier = this.#open(name);
      if (typeof tier === 'string') return { available: false, about: tier };
      return { available: true, about: tier.about };
    };
    return { simd: info('simd'), wide: info('wide'), blas: info('blas') };
  }

  #open(name: TierName): Tier | string {
    let known = this.#known.get(name);
    if (known === undefined) {
      try {
        known = name === 'wide' ? this.#wide() : this.#blas();
        check(known, this.#wasm, this.#memory, this.#room);
      } catch (error) {
        known = (error as Error).message;
      }
      this.#known.set(name, known);
    }
    return known;
  }

  #wide(): Tier {
    if (!this.#wasm.fused) throw new Error('this runtime does not know relaxed SIMD');
    const turbo = this.#host();
    return {
      name: 'wide',
      about: 'WebAssembly, two vectors of 128 bits in a register of 256, multiply-adds in one step',
      kernels: widen(this.#memory, (bytes) => turbo.compileWide(bytes)),
      parts: null,
      blas: null,
      speed: 8,
    };
  }

  #blas(): Tier {
    const blas = this.#host().openBlas(this.#memory);
    return {
      name: 'blas',
      about: blas.about,
      kernels: this.#wasm,
      parts: parts(blas.sgemm, blas.base),
      blas,
      speed: 16,
    };
  }

  #host(): Turbo {
    if (this.#turbo === null) throw new Error('this host has none');
    return this.#turbo;
  }
}

function isTier(name: string): name is TierName {
  return (tierNames as readonly string[]).includes(name);
}

/** `simd, wide and blas` */
function listed(names: readonly string[]): string {
  return names.join(', ').replace(/, ([^,]*)$/, ' and $1');
}
