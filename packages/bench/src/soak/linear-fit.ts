/** A point that was measured. */
export type Point = Readonly<{ x: number; y: number }>;

/** A line through points by least squares, and the standard deviation of what they are off it. */
export function linearFit(points: readonly Point[]): Readonly<{ slope: number; residual: number }> {
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(point => point.x), mean(point => point.y)];
  const slope = mean(point => (point.x - x) * (point.y - y)) / mean(point => (point.x - x) ** 2);
  const residual = Math.sqrt(mean(point => (point.y - y - slope * (point.x - x)) ** 2));
  return { slope, residual };
}
