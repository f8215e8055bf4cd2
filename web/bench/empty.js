// A virtual list of as many rows that have nothing in them: what scrolling costs by itself.
const scroller = document.querySelector(".scroller");
const rows = Array.from({ length: 36 }, () => scroller.firstElementChild.appendChild(document.createElement("div")));
scroller.firstElementChild.style.height = `${100_000 * 40}px`;
const draw = () => {
  const first = Math.floor(scroller.scrollTop / 40);
  for (let at = 0; at < rows.length; at++) rows[(first + at) % rows.length].style.transform = `translateY(${(first + at) * 40}px)`;
};
scroller.addEventListener("scroll", draw, { passive: true });
draw();
