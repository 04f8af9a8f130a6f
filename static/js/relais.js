// Improves pages that already work: live, forms sent in place, times that speak.
import "./live/connection.js";
import "./elements/forms.js";
import "./elements/times.js";

const composer = document.querySelector("[data-composer]");
if (composer) import("./elements/composer.js");
if (document.querySelector("[data-topic]")) import("./elements/reading.js");
