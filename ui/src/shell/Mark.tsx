import { Link } from "@tanstack/react-router";

/** The name of the product, which leads home. */
export function Mark() {
  return (
    <Link to={"/" as never} className="mark">
      <img src="/mark.svg" alt="" width={26} height={26} />
      <span>Hotspring</span>
    </Link>
  );
}
