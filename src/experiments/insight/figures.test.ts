import { describe, expect, test } from 'vitest'
import { glowing, inColor, sideBySide, signed } from '../../visualization/heat.ts'
import { serverDocument } from '../../visualization/server.ts'
import { classOnMap, drawHiddenMap, mapLabels, mapPoints } from './hidden-map.ts'

const gray = (...pixels: number[]) => ({
  count: 1,
  height: 1,
  width: pixels.length,
  channels: 1,
  pixels: Uint8Array.from(pixels),
})

describe('pictures of what matters', () => {
  test('where nothing matters the image is left, darker; where all does it glows', () => {
    const { pixels, channels } = glowing(gray(200, 200), Uint8Array.of(0, 255))
    expect(channels).toBe(3)
    expect([...pixels.subarray(0, 3)]).toEqual([100, 100, 100])
    expect(pixels[3]).toBeGreaterThan(230)
  })
  test('weights are orange below zero, blue above, and almost white at it', () => {
    const { pixels } = signed(gray(0, 127.5, 255))
    expect([...pixels.subarray(0, 3)]).toEqual([168, 85, 20])
    expect([...pixels.subarray(6, 9)]).toEqual([16, 93, 157])
    expect(Math.min(...pixels.subarray(3, 6))).toBeGreaterThan(235)
  })
  test('gray, gray with opacity and color become color', () => {
    expect([...inColor(gray(7)).pixels]).toEqual([7, 7, 7])
    expect([...inColor({ ...gray(7, 9), width: 1, channels: 2 }).pixels]).toEqual([7, 7, 7])
    expect([...inColor({ ...gray(1, 2, 3, 4), width: 1, channels: 4 }).pixels]).toEqual([1, 2, 3])
  })
  test('sets of pictures stand side by side, row by row', () => {
    const two = (first: number) => ({
      count: 2,
      height: 1,
      width: 1,
      channels: 1,
      pixels: Uint8Array.of(first, first + 1),
    })
    expect(sideBySide([two(1), two(11), two(21)])).toEqual({
      count: 2,
      height: 1,
      width: 7,
      channels: 1,
      pixels: Uint8Array.of(1, 255, 255, 11, 255, 255, 21, 2, 255, 255, 12, 255, 255, 22),
    })
  })
})

describe('the map of the last hidden layer', () => {
  const classNames = ['Shirt', 'Coat', 'A name that is far too long for a label']
  const size = { width: 300, height: 200 }
  const record = { indices: [5, 6, 7, 8], labels: [0, 0, 1, 2], predicted: [0, 1, 1, 2] }
  const points = mapPoints(
    record,
    [
      [0, 0],
      [1, 0],
      [0.5, 0.01],
      [0.5, -1],
    ],
    size,
  )
  test('lies within its frame, with one scale for both axes', () => {
    for (const { x, y } of points) {
      expect(x > 0 && x < size.width && y > 0 && y < size.height).toBe(true)
    }
    expect(points[1].x - points[0].x).toBeCloseTo(points[3].y - points[0].y, 9)
    expect(points[1]).toMatchObject({ index: 6, label: 0, predicted: 1 })
  })
  test('names of classes do not cover each other', () => {
    const stacked = mapPoints(
      record,
      [
        [0.5, 0],
        [0.5, 0.02],
        [0.5, 0.01],
        [0.5, -1],
      ],
      size,
    )
    const labels = mapLabels(stacked, { ...size, classNames })
    expect(labels.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['Shirt', 'Coat', 'A name that is fa…']),
    )
    const [a, b] = labels
    expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(13)
  })
  test('a class without images has no name on it, and one point still has a place', () => {
    const one = mapPoints({ indices: [1], labels: [1], predicted: [1] }, [[3, 3]], size)
    expect(one[0].x).toBe(150)
    expect(mapLabels(one, { ...size, classNames })).toHaveLength(1)
  })
  test('tells of each class how many images it has and how many are mistaken', () => {
    expect(classOnMap(points, 0, classNames)).toBe('Shirt: 2 images, 1 mistaken')
    expect(classOnMap(points, 1, classNames)).toBe('Coat: 1 image, none mistaken')
  })
  test('is drawn class by class, each image with its name', () => {
    const frame = { ...size, title: 't', description: 'd', heading: 'h', classNames }
    const svg = drawHiddenMap(serverDocument(), points, frame)
    const marks = [...svg.querySelectorAll('g[data-mark^="class "]')]
    expect(marks.map((mark) => mark.getAttribute('data-mark'))).toEqual([
      'class Shirt: 2 images, 1 mistaken',
      'class Coat: 1 image, none mistaken',
      'class A name that is far too long for a label: 1 image, none mistaken',
    ])
    expect(marks[0].textContent).toBe('test image 5: Shirttest image 6: Shirt, said Coat')
  })
})
