import { price } from "./price";

export interface Line {
  sku: string;
  count: number;
}

export function total(lines: Line[]): number {
  let sum = 0;
  for (const line of lines) {
    console.log("line", line.sku, line.count);
    sum += price(line.sku) * line.count;
  }
  console.log(`total ${sum}`);
  return sum;
}

export function add(lines: Line[], sku: string, count = 1): Line[] {
  if (count <= 0) {
    console.error("refusing to add", sku, count);
    return lines;
  }
  return [...lines, { sku, count }];
}
