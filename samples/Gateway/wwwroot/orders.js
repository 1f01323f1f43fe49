// Nothing here knows of tokens, keys, proofs or nonces: the gateway has them.
const find = (id) => document.getElementById(id);

async function call(path, init) {
  const response = await fetch(path, init);
  if (response.status === 401) {
    find('welcome').hidden = false;
    find('shop').hidden = find('signed-in').hidden = true;
    return null;
  }
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response;
}

async function show() {
  const [user, orders] = await Promise.all([call('/user'), call('/api/orders')]);
  if (!user || !orders) return;
  find('user').textContent = (await user.json()).name;
  find('orders').replaceChildren(...(await orders.json()).map((order) => Object.assign(document.createElement('li'), { textContent: order })));
  find('shop').hidden = find('signed-in').hidden = false;
}

find('new').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  await call('/api/orders', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ item: form.item.value }) });
  form.reset();
  await show();
});

await show();
