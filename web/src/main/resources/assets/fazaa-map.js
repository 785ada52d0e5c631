// Picking an area on a map: the same three fields as without it, moved by a click or a drag. The base map is the
// coast and the borders only, shipped with the program, so that it works without the internet.
addEventListener("DOMContentLoaded", () => {
  "use strict";
  const box = document.getElementById("area-map");
  if (!box || !window.L) return;
  const form = document.querySelector("form input[name=radius_km]").form;
  const { lat, lon, radius_km: radius } = form.elements;
  box.hidden = false;
  const map = L.map(box, { attributionControl: false, zoomSnap: 0.5 });
  L.control.attribution({ prefix: false }).addAttribution("Natural Earth · GeoNames").addTo(map);
  fetch(box.dataset.land).then((answer) => answer.json()).then((land) =>
    L.geoJSON(land, { interactive: false, style: { color: "#9fb0a6", weight: 1, fillColor: "#fbfaf5", fillOpacity: 1 } })
      .addTo(map).bringToBack());
  for (const town of form.querySelectorAll("[data-place] option[data-lon]")) {
    L.circleMarker([town.dataset.lat, town.dataset.lon], { radius: 3, weight: 1, color: "#56655f", fillOpacity: 0.8 })
      .bindTooltip(town.textContent).on("click", () => move(town.dataset.lat, town.dataset.lon)).addTo(map);
  }
  const circle = L.circle([0, 0], { radius: 1000, color: "#0b6b4f", weight: 2, fillOpacity: 0.12, interactive: false });
  const draw = () => {
    if (!Number(lat.value) && !Number(lon.value)) { map.setView([24.2, 45.1], 5); return; }
    circle.setLatLng([lat.value, lon.value]).setRadius(radius.value * 1000).addTo(map);
    map.fitBounds(circle.getBounds().pad(0.6));
  };
  const move = (toLat, toLon) => {
    lat.value = Number(toLat).toFixed(4);
    lon.value = Number(toLon).toFixed(4);
    draw();
  };
  map.on("click", (event) => move(event.latlng.lat, event.latlng.wrap().lng));
  form.addEventListener("placed", draw);
  for (const field of [lat, lon, radius]) field.addEventListener("change", draw);
  draw();
});
