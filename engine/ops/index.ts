import * as activation from './activation.ts';
import * as arithmetic from './arithmetic.ts';
import * as attention from './attention.ts';
import * as bitcast from './bitcast.ts';
import * as bitwise from './bitwise.ts';
import * as blocks from './blocks.ts';
import * as chance from './chance.ts';
import * as comparison from './comparison.ts';
import * as complex from './complex.ts';
import * as contraction from './contraction.ts';
import * as conv from './conv.ts';
import * as conv3d from './conv3d.ts';
import * as counting from './counting.ts';
import * as creation from './creation.ts';
import * as cropping from './cropping.ts';
import * as ctc from './ctc.ts';
import * as decompositions from './decompositions.ts';
import * as depthwise from './depthwise.ts';
import * as diagonal from './diagonal.ts';
import * as distribution from './distribution.ts';
import * as elementwise from './elementwise.ts';
import * as fft from './fft.ts';
import * as gathering from './gathering.ts';
import * as image from './image.ts';
import * as indexing from './indexing.ts';
import * as joining from './joining.ts';
import * as linalg from './linalg.ts';
import * as loss from './loss.ts';
import * as matrix from './matrix.ts';
import * as movement from './movement.ts';
import * as norm from './norm.ts';
import * as pool from './pool.ts';
import * as pools from './pools.ts';
import * as prediction from './prediction.ts';
import * as random from './random.ts';
import * as rearranging from './rearranging.ts';
import * as rectifier from './rectifier.ts';
import * as recurrent from './recurrent.ts';
import * as reduce from './reduce.ts';
import * as scan from './scan.ts';
import * as scattering from './scattering.ts';
import * as searching from './searching.ts';
import * as section from './section.ts';
import * as segment from './segment.ts';
import * as selecting from './selecting.ts';
import * as signal from './signal.ts';
import * as solve from './solve.ts';
import * as sortedSegment from './sorted-segment.ts';
import * as sorting from './sorting.ts';
import * as special from './special.ts';
import * as eigen from './eigen.ts';
import * as spectral from './spectral.ts';
import * as statistics from './statistics.ts';
import * as suppression from './suppression.ts';
import * as treeLstm from './tree-lstm.ts';
import * as trigonometry from './trigonometry.ts';
import * as update from './update.ts';
import * as vectorNorm from './vector-norm.ts';

/** The op table: everything that lists ops reads it from here. */
export const ops = {
  ...elementwise,
  ...trigonometry,
  ...special,
  ...arithmetic,
  ...bitcast,
  ...bitwise,
  ...complex,
  ...fft,
  ...signal,
  ...comparison,
  ...activation,
  ...rectifier,
  ...reduce,
  ...statistics,
  ...counting,
  ...vectorNorm,
  ...scan,
  ...segment,
  ...sortedSegment,
  ...linalg,
  ...decompositions,
  ...eigen,
  ...spectral,
  ...solve,
  ...matrix,
  ...contraction,
  ...conv,
  ...conv3d,
  ...depthwise,
  ...movement,
  ...section,
  ...diagonal,
  ...rearranging,
  ...blocks,
  ...joining,
  ...indexing,
  ...gathering,
  ...scattering,
  ...selecting,
  ...searching,
  ...sorting,
  ...pool,
  ...pools,
  ...image,
  ...cropping,
  ...suppression,
  ...norm,
  ...attention,
  ...recurrent,
  ...treeLstm,
  ...loss,
  ...prediction,
  ...ctc,
  ...update,
  ...random,
  ...distribution,
  ...chance,
  ...creation,
};

export type Ops = typeof ops;
