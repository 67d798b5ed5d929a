import { page } from "../shell/page";

export const signIn = page({
  path: "/sign-in",
  title: "signin.title",
  open: true,
  view: (raw) => ({ back: raw.back ?? "/" }),
  load: () => import("./SignIn"),
});

export const welcome = page({
  path: "/welcome",
  title: "signin.welcome",
  open: true,
  view: (raw) => ({ link: raw.link ?? "" }),
  load: () => import("./Welcome"),
});

export default [signIn, welcome];
