// One line of JSON per call, for `cargo xtask strangers`.

/**
 * Plays calls in their order. Each is [name, expected, run, judge]: `run` gives a value or throws, `judge(value, error)` says
 * whether that is what Microsoft's pages print. An answer that the simulator lacks (501) is never a pass.
 */
export async function play(client, calls, context) {
  for (const [name, expected, run, judge] of calls) {
    let value, error;
    try {
      value = await run(context);
    } catch (thrown) {
      error = thrown;
    }
    let pass = false;
    try {
      pass = !isLacking(error) && Boolean(await judge(value, error, context));
    } catch {
      // A value of another shape.
    }
    report(client, name, expected, pass, said(value, error));
  }
}

export function report(client, call, expected, pass, got) {
  console.log(JSON.stringify({ client, call, expected, pass, got: String(got).slice(0, 300) }));
}

function isLacking(error) {
  return error?.statusCode === 501 || error?.code === "NotSimulated" || /NotSimulated/.test(String(error?.message));
}

function said(value, error) {
  if (error) return `${error.name ?? "Error"} ${error.statusCode ?? ""} ${error.code ?? ""} ${error.message ?? error}`;
  if (value instanceof Response) return `status ${value.status}`;
  return JSON.stringify(value) ?? "nothing";
}
