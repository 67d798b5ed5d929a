import type { DropdownProps } from "antd";
import { lazy, type ReactElement, Suspense, useState } from "react";

const Dropdown = lazy(() => import("antd/es/dropdown"));

interface Shown {
  menu: DropdownProps["menu"];
  disabled?: boolean;
  /** The button that opens it. */
  children: ReactElement;
}

/** A button with a menu. What draws menus comes after the first paint; a click before it counts. */
export function Choices({ menu, disabled, children }: Shown) {
  const [open, setOpen] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside is what is pressed
    // biome-ignore lint/a11y/useKeyWithClickEvents: a key that presses the button is a click
    <Suspense fallback={<span onClick={() => setOpen(!disabled)}>{children}</span>}>
      <Dropdown
        menu={menu}
        disabled={disabled}
        trigger={["click"]}
        open={open}
        onOpenChange={setOpen}
      >
        {children}
      </Dropdown>
    </Suspense>
  );
}
