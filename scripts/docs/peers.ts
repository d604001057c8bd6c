/**
 * What things are called elsewhere, for those who come from there, and where the names of ops are from. A word is a name
 * that is ours, too; `theirs:ours` another one. A target with a dot is a method. What stands further up goes first: its
 * order of arguments, defaults and edges are those of the op.
 */
export const peers: { readonly [library: string]: string } = {
  'TensorFlow.js': `
abs acos acosh add addN all any argMax argMin asin asinh atan atan2 atanh avgPool avgPool3d batchNorm batchToSpaceND bincount
bitwiseAnd broadcastArgs broadcastTo cast ceil clipByValue clone complex concat conv1d conv2d conv2dTranspose conv3d
conv3dTranspose cos cosh cumprod cumsum customGrad depthToSpace depthwiseConv2d diag dispose div divNoNan dot dropout einsum elu
equal erf exp expandDims expm1 eye fft fill floor floorDiv gather gatherND grad grads greater greaterEqual ifft imag isFinite
isInf isNaN keep leakyRelu less lessEqual linspace localResponseNormalization log log1p logSigmoid logSoftmax logSumExp logicalAnd
logicalNot logicalOr logicalXor lowerBound matMul max maxPool maxPool3d maxPoolWithArgmax maximum mean memory meshgrid min minimum
mirrorPad mod moments mul multinomial neg norm notEqual oneHot ones onesLike outerProduct pad pow prelu prod randomGamma
randomNormal randomUniform randomUniformInt range real reciprocal relu relu6 reshape reverse rfft round rsqrt scalar scatterND
searchSorted selu separableConv2d sigmoid sign sin sinh slice softmax softplus spaceToBatchND split sqrt square squaredDifference
squeeze stack step stridedSlice sub sum tan tanh tensor tensorScatterUpdate tidy tile topk train transpose truncatedNormal unique
unsortedSegmentSum unstack upperBound valueAndGrad valueAndGrads variable variableGrads where zeros zerosLike
image.cropAndResize:cropAndResize image.nonMaxSuppression:nonMaxSuppression
image.nonMaxSuppressionWithScore:nonMaxSuppressionWithScore image.resizeBilinear:resizeBilinear
image.resizeNearestNeighbor:resizeNearestNeighbor image.flipLeftRight:reverse linalg.bandPart:bandPart linalg.qr:qr
linalg.gramSchmidt:qr losses.absoluteDifference:absoluteDifference losses.cosineDistance:cosineDistance
losses.hingeLoss:hingeLoss losses.huberLoss:huberLoss losses.logLoss:logLoss losses.meanSquaredError:meanSquaredError
losses.sigmoidCrossEntropy:sigmoidCrossEntropy losses.softmaxCrossEntropy:softmaxCrossEntropy signal.frame:frame
signal.hammingWindow:hammingWindow signal.hannWindow:hannWindow signal.stft:stft spectral.irfft:irfft spectral.fft:fft
basicLSTMCell:lstmCell euclideanNorm:norm booleanMaskAsync:booleanMask whereAsync:nonzero inTopKAsync:inTopK
tensor1d:tensor tensor2d:tensor tensor3d:tensor tensor4d:tensor buffer:Tensor.with rand:randomUniform
randomStandardNormal:randomNormal denseBincount:bincount registerGradient:customGrad getBackend:backendInfo
setBackend:setDevice dataSync:Tensor.data arraySync:Tensor.array print:Tensor.toString layers.flatten:flatten
layers.embedding:embedding layers.rnn:rnn layers.globalAveragePooling2d:globalAvgPool layers.globalMaxPooling2d:globalMaxPool`,
  TensorFlow: `
GradientTape Variable:variable cond constant identity scan bitcast repeat roll sort argsort:argSort linalg.tensordot:tensordot
nn.bias_add:biasAdd nn.gelu:gelu nn.silu:silu nn.swish:swish nn.softsign:softsign nn.embedding_lookup:embedding nn.ctc_loss:ctcLoss
nn.sparse_softmax_cross_entropy_with_logits:sparseSoftmaxCrossEntropy nn.weighted_moments:moments
nn.fused_batch_norm:fusedBatchNorm nn.in_top_k:inTopK linalg.cholesky:cholesky linalg.cholesky_solve:choleskySolve
linalg.cross:cross linalg.det:det linalg.eig:eig linalg.diag_part:diagPart linalg.eigh:eigh linalg.eigvals:eigvals linalg.expm:expm
linalg.inv:inv linalg.lstsq:lstsq linalg.lu:lu linalg.matrix_rank:matrixRank linalg.pinv:pinv linalg.slogdet:slogdet
linalg.solve:solve linalg.svd:svd linalg.trace:trace linalg.triangular_solve:triangularSolve math.angle:angle math.conj:conj
math.count_nonzero:countNonzero math.cumulative_logsumexp:cumLogSumExp math.digamma:digamma math.erfc:erfc math.erfinv:erfinv
math.lgamma:lgamma math.nextafter:nextAfter math.polygamma:polygamma math.reduce_std:std math.reduce_variance:variance
math.segment_max:segmentMax math.segment_mean:segmentMean math.segment_min:segmentMin math.segment_prod:segmentProd
math.segment_sum:segmentSum math.unsorted_segment_max:unsortedSegmentMax math.unsorted_segment_mean:unsortedSegmentMean
math.unsorted_segment_min:unsortedSegmentMin math.unsorted_segment_prod:unsortedSegmentProd math.xlogy:xlogy
bitwise.bitwise_or:bitwiseOr bitwise.bitwise_xor:bitwiseXor bitwise.invert:bitwiseNot bitwise.left_shift:leftShift
bitwise.right_shift:rightShift boolean_mask:booleanMask space_to_depth:spaceToDepth signal.fft2d:fft2d signal.fft3d:fft3d
signal.ifft2d:ifft2d signal.ifft3d:ifft3d signal.inverse_stft:istft signal.overlap_and_add:overlapAndAdd
random.categorical:categorical random.shuffle:shuffle random.poisson:poisson random.uniform:randomUniform random.normal:randomNormal
random.set_seed:setSeed random.split:splitKey random.fold_in:foldIn random.Generator:Generator stop_gradient:stopGradient
custom_gradient:customGrad recompute_grad:checkpoint vectorized_map:vmap while_loop:whileLoop switch_case:switchCase
name_scope:scope reduce_sum:sum reduce_mean:mean reduce_max:max reduce_min:min reduce_prod:prod reduce_logsumexp:logSumExp
reduce_any:any reduce_all:all multiply:mul subtract:sub divide:div image.resize:resizeBilinear numpy_function:hostCall py_function:hostCall
keras.optimizers.Adam:Adam keras.optimizers.SGD:SGD keras.losses.KLDivergence:klDivergence keras.layers.RNN:rnn
keras.layers.SimpleRNNCell:simpleRnnCell keras.activations.hard_sigmoid:hardSigmoid raw_ops.ReluGrad:reluGrad
raw_ops.Conv2DBackpropFilter:conv2dBackpropFilter raw_ops.Conv3DBackpropFilterV2:conv3dBackpropFilter
raw_ops.StridedSliceGrad:stridedSliceGrad raw_ops.TensorStridedSliceUpdate:stridedSliceUpdate raw_ops.FusedBatchNormV3:fusedBatchNorm
raw_ops.UnravelIndex:ravelIndex jacobian:jacobian tensor_scatter_nd_update:tensorScatterUpdate scatter_nd_update:scatterUpdate`,
  PyTorch: `
argsort bernoulli celu cummax cummin diagonal exp2 flatten fmod full histogram hypot lerp log10 log2 lu median permute
nn.functional.glu:glu nn.functional.mish:mish
quantile remainder std svd tril triu trunc kron logspace full_like:fullLike scatter_add:scatterAdd index_add:indexAdd
nonzero take_along_dim:takeAlongAxis scatter:putAlongAxis copysign:copySign logaddexp:logAddExp nansum:nanSum nanmean:nanMean
linalg.matrix_power:matrixPower linalg.vector_norm:norm linalg.solve_triangular:triangularSolve randint:randomInt randperm:permutation
randn:randomNormal rand:randomUniform randn_like:randomNormal manual_seed:setSeed arange:range cat:concat unbind:unstack mm:matMul
bmm:matMul t:transpose chunk:split narrow:slice select:Tensor.at masked_select:booleanMask index_select:gather
gather:takeAlongAxis unsqueeze:expandDims view:reshape expand:broadcastTo clamp:clipByValue flip:reverse true_divide:div eq:equal
ne:notEqual gt:greater ge:greaterEqual lt:less le:lessEqual outer:outerProduct bucketize:searchSorted logcumsumexp:cumLogSumExp
from_numpy:tensor numel:Tensor.size numpy:Tensor.data tolist:Tensor.array detach:stopGradient item:Tensor.item to:cast
backward:GradientTape.gradient no_grad:GradientTape.stopRecording optim.SGD:SGD optim.Adam:Adam
nn.functional.conv_transpose2d:conv2dTranspose nn.functional.scaled_dot_product_attention:scaledDotProductAttention
nn.functional.layer_norm:layerNorm nn.functional.group_norm:groupNorm nn.functional.instance_norm:instanceNorm
nn.functional.rms_norm:rmsNorm nn.functional.batch_norm:batchNorm nn.functional.avg_pool1d:avgPool1d
nn.functional.max_pool1d:maxPool1d nn.functional.adaptive_avg_pool2d:adaptiveAvgPool nn.functional.embedding:embedding
nn.functional.cross_entropy:sparseSoftmaxCrossEntropy nn.functional.binary_cross_entropy:bceLoss
nn.functional.binary_cross_entropy_with_logits:sigmoidCrossEntropy nn.functional.nll_loss:nllLoss
nn.functional.mse_loss:meanSquaredError nn.functional.l1_loss:absoluteDifference nn.functional.kl_div:klDivergence
nn.functional.poisson_nll_loss:poissonNll nn.functional.triplet_margin_loss:tripletLoss nn.functional.smooth_l1_loss:huberLoss
nn.functional.hardswish:hardSwish nn.functional.hardtanh:hardTanh nn.functional.grid_sample:gridSample
nn.functional.interpolate:resizeBicubic nn.functional.unfold:frame nn.LSTMCell:lstmCell nn.GRUCell:gruCell
func.grad:grad func.vmap:vmap func.jvp:jvp func.vjp:vjp func.jacrev:jacobian func.hessian:hessian
autograd.functional.hvp:hvp autograd.Function:customGrad utils.checkpoint.checkpoint:checkpoint
distributions.Beta:randomBeta distributions.Cauchy:randomCauchy distributions.Dirichlet:randomDirichlet
distributions.Exponential:exponential distributions.Gumbel:randomGumbel distributions.Laplace:randomLaplace
distributions.LogNormal:randomLogNormal distributions.StudentT:randomStudentT get_rng_state:getRandomState
set_rng_state:setRandomState set_num_threads:setThreads`,
  NumPy: `
cbrt scipy.special.digamma:digamma scipy.linalg.expm:expm array:tensor arange:range concatenate:concat vstack:concat power:pow multiply:mul subtract:sub divide:div
negative:neg absolute:abs arccos:acos arcsin:asin arctan:atan arctan2:atan2 arccosh:acosh arcsinh:asinh arctanh:atanh
swapaxes:transpose moveaxis:transpose ravel:flatten expand_dims:expandDims clip:clipByValue flip:reverse amax:max amin:min
var:variance put_along_axis:putAlongAxis take_along_axis:takeAlongAxis take:gather ravel_multi_index:ravelIndex
fft.fft2:fft2d fft.fftn:fft3d outer:outerProduct rint:round fix:trunc astype:cast tolist:Tensor.array
random.default_rng:Generator random.permutation:permutation random.standard_normal:randomNormal nan_to_num:where
linalg.matrix_power:matrixPower linalg.norm:norm scipy.special.logsumexp:logSumExp scipy.special.expit:sigmoid
invert:bitwiseNot left_shift:leftShift true_divide:div floor_divide:floorDiv`,
  JAX: `
value_and_grad:valueAndGrad jacrev:jacobian hessian lax.stop_gradient:stopGradient lax.scan:scan lax.cond:cond lax.switch:switchCase
lax.while_loop:whileLoop checkpoint custom_vjp:customGrad pure_callback:hostCall random.key:randomKey random.split:splitKey
random.fold_in:foldIn lax.associative_scan:linearScan random.dirichlet:randomDirichlet random.gumbel:randomGumbel`,
};

/** Ops that are nowhere by themselves: parts of others, said by their comments. */
export const ours = 'adamStep dropoutMask lastOccurrence momentumStep sgdStep sumTo treeLstmCell';

export interface Peer {
  readonly library: string;
  readonly theirs: string;
  readonly ours: string;
}

/** All names, those that are the same in the end among them. */
export const known: readonly Peer[] = Object.entries(peers).flatMap(([library, words]) =>
  words
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [theirs = '', ours = theirs] = word.split(':');
      return { library, theirs, ours };
    }),
);

/** Where an op has its name from, the first that has it; under its name there, if that is another. */
export function sourceOf(name: string): string {
  const found = known.filter(({ ours }) => ours === name);
  const [first] = found;
  if (first === undefined) return '';
  const own = found.find(({ library, theirs }) => library === first.library && theirs === name);
  return own || first.theirs === name ? first.library : `${first.library}, \`${first.theirs}\``;
}

/** The chapter for those who come from elsewhere: names that are others there. */
export function peersChapter(): string {
  const rows = known
    .filter(({ theirs, ours }) => theirs !== ours)
    .sort((a, b) => order(a.theirs, b.theirs) || order(a.library, b.library))
    .map(({ library, theirs, ours }) => `| \`${theirs}\` | ${library} | \`${ours}\` |`);
  return `## Names elsewhere

Ops are called as in TensorFlow.js where it has them, else as in TensorFlow, PyTorch or NumPy, in camelCase: \`reduce_sum\` is \`sum\`, \`log_softmax\` is \`logSoftmax\`. Arguments are in the order of the library that an op names, and of TensorFlow.js where it has the op: \`tf.split(x, 3, axis)\`, \`x.sum(axis, keepDims)\`. These have other names:

| there | | here |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function order(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : Number(a.toLowerCase() > b.toLowerCase());
}
