// Begins the service worker, where the browser has one (over https, or on this machine).
if ('serviceWorker' in navigator && /^http/.test(location.protocol))
	navigator.serviceWorker.register(new URL('worker.js', document.currentScript.src));
