import { init } from "./redoc/redoc.standalone.js";

delete window.Worker; // its search index tries eval in a worker, which the page's policy forbids
const element = document.getElementById("redoc");
init(element.dataset.openapi, { disableTelemetry: true }, element);
