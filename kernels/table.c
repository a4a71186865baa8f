/* The kernels of one variant and arithmetic by operation code; compiled once for each pair, like the kernels. */
#include "program.h"

/* Families without products to fuse have one copy a variant, which both arithmetics use. */
#ifndef COMMON
#define COMMON VARIANT
#endif
#define SHARED(name) JOIN(name, COMMON)
#ifdef PARTIAL
#define KERNEL(name) extern const kernel name __attribute__((weak))
#else
#define KERNEL(name) extern const kernel name
#endif

KERNEL(SUFFIXED(dense));
KERNEL(SUFFIXED(dense_grad_weights));
KERNEL(SUFFIXED(dense_grad_input));
KERNEL(SUFFIXED(convolution));
KERNEL(SUFFIXED(convolution_grad_weights));
KERNEL(SUFFIXED(convolution_grad_input));
KERNEL(SHARED(gather));
KERNEL(SHARED(max_pool));
KERNEL(SHARED(max_pool_grad));
KERNEL(SHARED(relu));
KERNEL(SHARED(relu_grad));
KERNEL(SHARED(sigmoid));
KERNEL(SHARED(sigmoid_grad));
KERNEL(SHARED(tanh));
KERNEL(SHARED(tanh_grad));
KERNEL(SHARED(softmax));
KERNEL(SHARED(softmax_grad));
KERNEL(SHARED(cross_entropy));
KERNEL(SHARED(cross_entropy_grad));
KERNEL(SHARED(dropout));
KERNEL(SHARED(dropout_grad));
KERNEL(SHARED(sgd));
KERNEL(SHARED(adam));
KERNEL(SHARED(accumulate));
KERNEL(SUFFIXED(convolution_pool));
KERNEL(SUFFIXED(convolution_pool_grad_weights));
KERNEL(SUFFIXED(convolution_pool_grad_input));
KERNEL(SHARED(batch_norm));
KERNEL(SHARED(batch_norm_grad));
KERNEL(SHARED(batch_norm_inference));
KERNEL(SHARED(average_pool));
KERNEL(SHARED(average_pool_grad));
KERNEL(SHARED(add));
KERNEL(SHARED(copy));
KERNEL(SHARED(clip));
KERNEL(SHARED(average));
KERNEL(SHARED(gather_augmented));

extern kernel_table SUFFIXED(kernels);
kernel_table SUFFIXED(kernels) = {
    [OP_GATHER] = &SHARED(gather),
    [OP_DENSE] = &SUFFIXED(dense),
    [OP_DENSE_GRAD_WEIGHTS] = &SUFFIXED(dense_grad_weights),
    [OP_DENSE_GRAD_INPUT] = &SUFFIXED(dense_grad_input),
    [OP_CONVOLUTION] = &SUFFIXED(convolution),
    [OP_CONVOLUTION_GRAD_WEIGHTS] = &SUFFIXED(convolution_grad_weights),
    [OP_CONVOLUTION_GRAD_INPUT] = &SUFFIXED(convolution_grad_input),
    [OP_MAX_POOL] = &SHARED(max_pool),
    [OP_MAX_POOL_GRAD] = &SHARED(max_pool_grad),
    [OP_RELU] = &SHARED(relu),
    [OP_RELU_GRAD] = &SHARED(relu_grad),
    [OP_SIGMOID] = &SHARED(sigmoid),
    [OP_SIGMOID_GRAD] = &SHARED(sigmoid_grad),
    [OP_TANH] = &SHARED(tanh),
    [OP_TANH_GRAD] = &SHARED(tanh_grad),
    [OP_SOFTMAX] = &SHARED(softmax),
    [OP_SOFTMAX_GRAD] = &SHARED(softmax_grad),
    [OP_CROSS_ENTROPY] = &SHARED(cross_entropy),
    [OP_CROSS_ENTROPY_GRAD] = &SHARED(cross_entropy_grad),
    [OP_DROPOUT] = &SHARED(dropout),
    [OP_DROPOUT_GRAD] = &SHARED(dropout_grad),
    [OP_SGD] = &SHARED(sgd),
    [OP_ADAM] = &SHARED(adam),
    [OP_ACCUMULATE] = &SHARED(accumulate),
    [OP_CONVOLUTION_POOL] = &SUFFIXED(convolution_pool),
    [OP_CONVOLUTION_POOL_GRAD_WEIGHTS] = &SUFFIXED(convolution_pool_grad_weights),
    [OP_CONVOLUTION_POOL_GRAD_INPUT] = &SUFFIXED(convolution_pool_grad_input),
    [OP_BATCH_NORM] = &SHARED(batch_norm),
    [OP_BATCH_NORM_GRAD] = &SHARED(batch_norm_grad),
    [OP_BATCH_NORM_INFERENCE] = &SHARED(batch_norm_inference),
    [OP_AVERAGE_POOL] = &SHARED(average_pool),
    [OP_AVERAGE_POOL_GRAD] = &SHARED(average_pool_grad),
    [OP_ADD] = &SHARED(add),
    [OP_COPY] = &SHARED(copy),
    [OP_CLIP] = &SHARED(clip),
    [OP_AVERAGE] = &SHARED(average),
    [OP_GATHER_AUGMENTED] = &SHARED(gather_augmented),
};
