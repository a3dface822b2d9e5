// The time left in an interview, in minutes. The server keeps the time, and the script counts down from its value.
// The same words as in quiz/web/features/interviews/mock.py.
const OVER = "The time has run out. An answer is taken all the same, and said to be late.";

const worded = (seconds) => {
  if (seconds <= 0) return OVER;
  const minutes = Math.ceil(seconds / 60);
  return minutes > 1 ? `${minutes} minutes left` : "The last minute";
};

for (const clock of document.querySelectorAll("[data-seconds-left]")) {
  // The time of day also advances while a laptop sleeps.
  const end = Date.now() + Number(clock.dataset.secondsLeft) * 1000;
  const tell = () => {
    const left = (end - Date.now()) / 1000;
    const words = worded(left);
    if (clock.textContent === words) return;
    clock.textContent = words;
    if (left <= 60) document.getElementById("status").textContent = words;
  };
  tell();
  setInterval(tell, 1000);
}
