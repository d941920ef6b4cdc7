const element = document.getElementById("swagger-ui");

// The dialog gives the focus to its last field; the key's is the first.
const beginWithTheKey = () => ({
  statePlugins: {
    auth: {
      wrapActions: {
        showDefinitions: (show) => (definitions) => {
          setTimeout(() => document.querySelector(".auth-container input")?.focus());
          return show(definitions);
        },
      },
    },
  },
});

SwaggerUIBundle({
  url: element.dataset.openapi,
  domNode: element,
  validatorUrl: null, // the page talks to nobody but its own server
  deepLinking: true,
  tryItOutEnabled: true, // one click sends an operation
  persistAuthorization: true, // a reload asks for no key again
  defaultModelsExpandDepth: 0,
  plugins: [beginWithTheKey],
});
