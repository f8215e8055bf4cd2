import "./demo.css";
import { Button } from "@fluentui/react-button";
import { Field } from "@fluentui/react-field";
import { BeakerRegular, ChevronDownRegular, ChevronUpRegular } from "@fluentui/react-icons";
import { Select } from "@fluentui/react-select";
import { Switch } from "@fluentui/react-switch";
import { useEffect, useState } from "react";
import { announce } from "../common/announce.js";
import { useOutside } from "../connection/session.js";
import { hrefOutside, useRoute } from "../route.js";
import { duration, moment, number, percent, strings } from "../strings/index.js";
import { change, passDay, race, throttle, useDemo, watch } from "./demo.js";

/** How many requests of each method are throttled at the push of a button. A client doubles its waits, and 40 would take half an hour. */
const STORM = 4;

const RATES = [0, 20, 100, 300];
const LATENCIES: readonly (readonly [number, number])[] = [
  [0, 5],
  [20, 120],
  [800, 2_500],
];
const LAGS = [0, 10_000, 60_000];

/** Says on every page that the tenant is simulated, and has the simulator's controls. */
export function DemoBar() {
  const text = strings.demo;
  const [shown, show] = useState(false);
  const { path } = useRoute();
  const isConfigured = useOutside();
  useEffect(watch, []);
  return (
    <section className="demo" aria-label={text.title}>
      <div className="demo-line">
        <BeakerRegular aria-hidden />
        <strong>{text.title}</strong>
        <span className="demo-note">{text.note}</span>
        <Button
          size="small"
          aria-expanded={shown}
          aria-controls="demo-controls"
          icon={shown ? <ChevronUpRegular /> : <ChevronDownRegular />}
          iconPosition="after"
          onClick={() => show(!shown)}
        >
          {text.controls}
        </Button>
        {isConfigured && <a href={hrefOutside(path)}>{text.leave}</a>}
      </div>
      <div id="demo-controls" hidden={!shown}>
        {shown && <Controls />}
      </div>
    </section>
  );
}

function Controls() {
  const text = strings.demo;
  const { conditions, counts, ahead, racing } = useDemo();
  const latency = LATENCIES.findIndex(([least]) => least === conditions.latencyMs[0]);
  return (
    <div className="demo-controls">
      <Field label={text.failing}>
        <Select value={String(conditions.perMille)} onChange={(_, { value }) => change({ perMille: Number(value) })}>
          {RATES.map((rate) => (
            <option key={rate} value={rate}>
              {rate === 0 ? text.none : text.share(percent(rate / 1000))}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={text.answers}>
        <Select value={String(latency)} onChange={(_, { value }) => change({ latencyMs: LATENCIES[Number(value)] ?? conditions.latencyMs })}>
          {[text.atOnce, text.usual, text.slow].map((name, at) => (
            <option key={name} value={at}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={text.lag}>
        <Select value={String(conditions.lagMs)} onChange={(_, { value }) => change({ lagMs: Number(value) })}>
          {LAGS.map((lag) => (
            <option key={lag} value={lag}>
              {lag === 0 ? text.none : text.upTo(duration(lag))}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={text.throttling}>
        <Button
          onClick={() => {
            throttle(STORM);
            announce(text.throttled(number(STORM)));
          }}
        >
          {text.throttle(number(STORM))}
        </Button>
      </Field>
      <Field label={text.clock}>
        <span className="demo-clock">{moment(new Date(Date.now() + ahead * 1000).toISOString())}</span>
      </Field>
      <div className="demo-time">
        <Button onClick={passDay}>{text.passDay}</Button>
        <Switch checked={racing} label={text.race} onChange={(_, { checked }) => race(checked)} />
      </div>
      <p className="demo-counts">{text.counts(number(counts.requests), number(counts.writes), number(counts.throttled), number(counts.broken))}</p>
    </div>
  );
}
