const element = document.getElementById("swagger-ui");
// Without a validator: the page talks to nobody but its own server.
SwaggerUIBundle({ url: element.dataset.openapi, domNode: element, validatorUrl: null, deepLinking: true });
