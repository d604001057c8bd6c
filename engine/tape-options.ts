/** What a tape does, said when it is made. */
export interface TapeOptions {
  /** `gradient()` may be called more than once; what was recorded is kept until the tape is closed. */
  readonly persistent?: boolean;
  /** Trainable variables are watched as soon as they are used. On unless set to false. */
  readonly watchAccessedVariables?: boolean;
  /** `explain()` knows lines, and what is not on the tape, also where no debugger looks; ops take longer meanwhile. */
  readonly explain?: boolean;
}
