/**
 * The door between the two halves of each webview: what the page may ask of
 * its host in the extension, and what the host tells the page. views/rpc.ts
 * derives calls, replies and handler tables from it.
 */
import type {
  Cells,
  LiveTensor,
  PlacedProfile,
  Stats,
  TensorId,
  Window,
} from '../debug-adapter/protocol.ts';
export type {
  Cells,
  LiveTensor,
  PlacedProfile,
  Stats,
  TensorId,
  Window,
} from '../debug-adapter/protocol.ts';

export interface Pages {
  tensor: {
    host: {
      open(): Promise<OpenedTensor>;
      window(id: TensorId, window: Window): Promise<Cells>;
      stats(id: TensorId, exact: boolean): Promise<Stats>;
      /** Fails with the sentence to show at the cell; nothing has changed then. */
      write(id: TensorId, index: readonly number[], value: string): Promise<LiveTensor>;
    };
    page: {
      /** The program stopped or something was written: show the tensor anew (null: it is gone). */
      changed(tensor: LiveTensor | null, paused: boolean): void;
    };
  };
  flame: {
    host: {
      /** The page is ready: the host sends all it has with `added`. */
      open(): Promise<Recording>;
      /** Starts or stops recording op times. */
      record(on: boolean): Promise<void>;
      /** Opens the source line of a record. */
      reveal(site: number): Promise<void>;
      /** Writes a Chrome trace and says where; null where the user changed their mind. */
      export(): Promise<string | null>;
    };
    page: {
      /** The records from number `from` on; nought begins anew. Their sites are those of the whole profile. */
      added(profile: PlacedProfile, from: number): void;
      recording(state: Recording): void;
    };
  };
}

/** What a tensor editor begins with. */
export interface OpenedTensor {
  readonly tensor: LiveTensor | null;
  readonly paused: boolean;
  readonly title: string;
  /** What it was opened with; kept with the page, so that a reload finds it again. */
  readonly expression?: string;
  /** What is seen first of it, where it could be read before the page was there. */
  readonly corner?: { readonly window: Window; readonly cells: Cells };
}

/** The types under which the editor knows the panels: it starts us where a reload left one. */
export const PANELS = {
  tensor: 'tapedeck.tensor',
  flame: 'tapedeck.flame',
} as const satisfies { readonly [V in keyof Pages]: string };

/** Where a profile stands. */
export interface Recording {
  readonly on: boolean;
  readonly program: 'none' | 'running' | 'paused' | 'ended';
}
