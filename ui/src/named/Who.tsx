import { Link } from "@tanstack/react-router";
import "./named.css";

/** The name of a profile, where one is known, and the id that stays. */
export function Who({ id, name }: { id: string; name: string }) {
  return (
    <Link className="named-who" to={"/profiles/$id" as never} params={{ id } as never}>
      {name && <b>{name}</b>} <span className="named-id">{id}</span>
    </Link>
  );
}
