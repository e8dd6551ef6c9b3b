// Sends the form that leads to an identity provider. Without scripts its button does.
"use strict";
document.getElementById("post").submit();
