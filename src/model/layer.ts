import type { z } from 'zod'
import type { Key } from '../base/random.ts'
import type { AttributeNames, OperandNames, OperationName } from '../engine/operations.ts'
import type { Place } from '../engine/program.ts'
import type { Initializer } from './initializer-text.ts'

/** The shape of one example, without the batch: `[784]`, `[height, width, channels]`. */
export type Shape = readonly number[]

/** A tensor of a network: a place in memory and its shape (of one example, where it is batched). */
export interface Tensor extends Place {
  readonly shape: Shape
}

/** What a layer may do while its ways forward and back are written down as a program. Nothing is computed here. */
export interface Emitter {
  /** True in the program that trains: dropout drops only there. */
  readonly training: boolean
  /** A new tensor of one row an example, uninitialized. */
  rows(shape: Shape): Tensor
  /** A new tensor that the whole batch shares, uninitialized. */
  fixed(shape: Shape): Tensor
  /** A tensor of zeros that nobody may write, no longer than the layer's statistics; in `explain` alone. */
  zeros(shape: Shape): Tensor
  /** Where a parameter's gradient goes. */
  gradient(parameter: Tensor): Tensor
  emit<N extends OperationName>(
    operation: N,
    operands: Readonly<Record<OperandNames<N>, Place>>,
    attributes: Readonly<Record<AttributeNames<N>, number>>,
  ): void
  /** The key for what this layer draws at random. */
  readonly key: Key
}

/**
 * The way back: writes the instructions that turn the gradient of the output into gradients of the parameters and, where
 * `wanted`, of the inputs. It owns `dy` and may overwrite it; no tensor is returned twice.
 */
export type Pullback = (dy: Tensor, wanted: readonly boolean[]) => readonly (Tensor | undefined)[]

/**
 * What a parameter is to training: kernels learn and may be shrunk by weight decay, biases learn, statistics are gathered
 * by the layer itself.
 */
export type ParameterRole = 'kernel' | 'bias' | 'statistic'

export interface ParameterSpec {
  readonly name: string
  readonly role: ParameterRole
  readonly shape: Shape
  readonly initializer: Initializer
  /** Inputs and outputs that one weight connects, as initializers count them (Glorot and Bengio 2010). */
  readonly fanIn: number
  readonly fanOut: number
}

/**
 * A kind of layer: its shape rule, its parameters, its way forward and its way back, all in one file.
 * `O` are its options, `Given` what a user may write (defaults left out).
 */
export interface LayerKind<O, Given = unknown> {
  readonly kind: string
  /** The type as a summary prints it: `Conv2D`. */
  readonly title: string
  readonly options: z.ZodType<O, Given>
  /** How many inputs it takes. */
  readonly arity: number
  /** The output's shape; throws a ShapeError that names `at`. */
  outShape(options: O, shapes: readonly Shape[], at: string): Shape
  parameters(options: O, shapes: readonly Shape[]): readonly ParameterSpec[]
  forward(
    emitter: Emitter,
    options: O,
    inputs: readonly Tensor[],
    parameters: Readonly<Record<string, Tensor>>,
  ): { readonly y: Tensor; readonly pullback: Pullback }
}

/** The number of values in a shape. */
export const volume = (shape: Shape) => shape.reduce((a, b) => a * b, 1)

/** The same words under another shape. */
export const reshape = (tensor: Tensor, shape: Shape): Tensor => ({ ...tensor, shape })

/** A shape as it is spoken: `[28, 28, 1]`. */
export const spoken = (shape: Shape) => `[${shape.join(', ')}]`
