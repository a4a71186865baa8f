import protobuf from 'protobufjs/light.js'

/*
 * The part of the ONNX format that a classifier needs: messages, field numbers and codes of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 (Apache-2.0), IR version 7. Fields that are not here are
 * skipped on reading.
 */

const field = (id: number, type: string) => ({ id, type })
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' })

const messages = {
  ModelProto: {
    irVersion: field(1, 'int64'),
    opsetImport: list(8, 'OperatorSetIdProto'),
    producerName: field(2, 'string'),
    producerVersion: field(3, 'string'),
    docString: field(6, 'string'),
    graph: field(7, 'GraphProto'),
    metadataProps: list(14, 'StringStringEntryProto'),
  },
  OperatorSetIdProto: { domain: field(1, 'string'), version: field(2, 'int64') },
  StringStringEntryProto: { key: field(1, 'string'), value: field(2, 'string') },
  GraphProto: {
    node: list(1, 'NodeProto'),
    name: field(2, 'string'),
    initializer: list(5, 'TensorProto'),
    input: list(11, 'ValueInfoProto'),
    output: list(12, 'ValueInfoProto'),
  },
  NodeProto: {
    input: list(1, 'string'),
    output: list(2, 'string'),
    name: field(3, 'string'),
    opType: field(4, 'string'),
    attribute: list(5, 'AttributeProto'),
  },
  AttributeProto: {
    name: field(1, 'string'),
    f: field(2, 'float'),
    i: field(3, 'int64'),
    ints: list(8, 'int64'),
    type: field(20, 'int32'),
  },
  TensorProto: {
    dims: list(1, 'int64'),
    dataType: field(2, 'int32'),
    name: field(8, 'string'),
    rawData: field(9, 'bytes'),
  },
  ValueInfoProto: { name: field(1, 'string'), type: field(2, 'TypeProto') },
  TypeProto: { tensorType: field(1, 'TensorTypeProto') },
  TensorTypeProto: { elemType: field(1, 'int32'), shape: field(2, 'TensorShapeProto') },
  TensorShapeProto: { dim: list(1, 'DimensionProto') },
  DimensionProto: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') },
}

/** `TensorProto.DataType`. */
export const DATA = { float32: 1, int64: 7 } as const
/** `AttributeProto.AttributeType`. */
export const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const

export interface AttributeProto {
  readonly name: string
  readonly type: number
  readonly f?: number
  readonly i?: number
  readonly ints?: readonly number[]
}

export interface NodeProto {
  readonly name: string
  readonly opType: string
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly attribute: readonly AttributeProto[]
}

export interface TensorProto {
  readonly name: string
  readonly dims: readonly number[]
  readonly dataType: number
  /** Little-endian, the last axis running fastest. */
  readonly rawData: Uint8Array
}

export interface ValueInfoProto {
  readonly name: string
  readonly type: {
    readonly tensorType: {
      readonly elemType: number
      readonly shape: { readonly dim: readonly ({ dimParam: string } | { dimValue: number })[] }
    }
  }
}

export interface ModelProto {
  readonly irVersion: number
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[]
  readonly producerName: string
  readonly producerVersion: string
  readonly docString: string
  readonly graph: {
    readonly name: string
    readonly node: readonly NodeProto[]
    readonly initializer: readonly TensorProto[]
    readonly input: readonly ValueInfoProto[]
    readonly output: readonly ValueInfoProto[]
  }
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[]
}

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(Object.entries(messages).map(([name, fields]) => [name, { fields }])),
})
const modelProto = root.lookupType('ModelProto')

/** The bytes of an ONNX file. */
export const encodeModelProto = (model: ModelProto): Uint8Array => modelProto.encode(model as object).finish()

/** What an ONNX file says, as far as it is known here. */
export const decodeModelProto = (bytes: Uint8Array): ModelProto =>
  modelProto.toObject(modelProto.decode(bytes), { longs: Number, arrays: true }) as ModelProto
