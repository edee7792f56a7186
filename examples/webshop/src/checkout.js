import { total } from "./cart";

export function checkout(lines, pay) {
  console.log("checkout", lines.length, () => total(lines));
  return pay(total(lines));
}
