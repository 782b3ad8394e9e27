// Shows the description; "Try it out" works for open data, and with a token for the rest.
const place = document.getElementById("swagger");
SwaggerUIBundle({
  url: place.dataset.url,
  domNode: place,
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
