// The choice of colours, which theme.js applies before the page is drawn.
import { setText } from "./dom.js";

const themes = { system: ["◐", "as the system"], light: ["☀", "light"], dark: ["☾", "dark"] };

// offer makes a button lead from one choice to the next.
export function offer(button) {
  button.addEventListener("click", () => {
    const names = Object.keys(themes);
    const next = names[(names.indexOf(chosen()) + 1) % names.length];
    if (next === "system") {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem("theme");
    } else {
      document.documentElement.dataset.theme = next;
      localStorage.setItem("theme", next);
    }
    show(button);
  });
  show(button);
}

const chosen = () => document.documentElement.dataset.theme ?? "system";

function show(button) {
  const [sign, words] = themes[chosen()];
  setText(button, sign);
  button.setAttribute("aria-label", `Colours: ${words}`);
  button.title = `Colours: ${words}`;
}
