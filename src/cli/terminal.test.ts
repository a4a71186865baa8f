import { describe, expect, test } from 'vitest'
import { nearest } from '../base/nearest.ts'
import { bar, clock, columns, columnsWithin, fitting, wrap } from './terminal.ts'

describe('on the screen', () => {
  test('a bar fills from the left and never leaves its place', () => {
    expect([-1, 0, 0.5, 1, 2].map((share) => bar(share, 4))).toEqual(['╌╌╌╌', '╌╌╌╌', '━━╌╌', '━━━━', '━━━━'])
  })

  test('time is minutes and seconds, hours where there are some', () => {
    expect([0, 9.6, 95, 3700, Infinity].map(clock)).toEqual(['0:00', '0:10', '1:35', '1:01:40', '–:––'])
  })

  test('columns of numbers stand to the right, columns of words to the left', () => {
    const rows = [
      ['class', 'images', 'verdict'],
      ['Trouser', 6, 'good'],
      ['Bag', '1,200', 'better'],
    ]
    expect(columns(rows)).toBe(
      ['class    images  verdict', 'Trouser       6  good', 'Bag       1,200  better'].join('\n'),
    )
  })

  test('a table that is too wide becomes two, each with its first column', () => {
    const rows = [
      ['run', 'network', 'accuracy'],
      ['1', 'mlp-small', '80 %'],
    ]
    expect(columnsWithin(Infinity, rows)).toBe(columns(rows))
    expect(columnsWithin(16, rows)).toBe('run  network\n1    mlp-small\n\nrun  accuracy\n1        80 %')
  })

  test('what is worth least goes first where there is no room', () => {
    const pieces = [
      { text: '3/10', worth: 9 },
      { text: 'loss 0.5', worth: 5 },
      { text: '9 images/s', worth: 1 },
    ]
    expect(fitting(pieces, 26)).toEqual(['3/10', 'loss 0.5', '9 images/s'])
    expect(fitting(pieces, 25)).toEqual(['3/10', 'loss 0.5'])
    expect(fitting(pieces, 5)).toEqual(['3/10'])
    expect(fitting(pieces, 1)).toEqual(['3/10'])
  })

  test('long lines break between words, and nowhere else', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('/a/path/without/spaces is long', 10)).toEqual(['/a/path/without/spaces', 'is long'])
    expect(wrap('\x1b[1mbold\x1b[22m word', 9)).toEqual(['\x1b[1mbold\x1b[22m word'])
  })
})

test.each([
  ['adma', ['sgd', 'adam'], 'adam'],
  ['mlp-smal', ['mlp-small', 'mlp-large'], 'mlp-small'],
  ['CNN-Large', ['mlp-large', 'cnn-large'], 'cnn-large'],
  ['resnet', ['mlp-small', 'cnn-large'], undefined],
  ['', ['sgd'], undefined],
])('"%s" among %j means %s', (text, words, meant) => {
  expect(nearest(text, words)).toBe(meant)
})
