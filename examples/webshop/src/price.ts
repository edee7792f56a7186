const PRICES: Record<string, number> = { tea: 3, cup: 7 };

export function price(sku: string): number {
  const found = PRICES[sku];
  if (found === undefined) {
    console.log("no price for", sku);
    return 0;
  }
  return found;
}
