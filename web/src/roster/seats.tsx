import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-message-bar";
import { ProblemText } from "../common/problem.js";
import { number, strings } from "../strings/index.js";
import { type Planned, seatsOf } from "./store.js";

/** The seats that the approved rows take, beside those that the tenant has. */
export function Seats({ planned, approved }: { planned: Planned; approved: ReadonlySet<number> }) {
  const text = strings.roster;
  if (planned.skusUnread !== undefined) {
    return (
      <MessageBar intent="warning" layout="multiline" className="note">
        <MessageBarBody>
          <MessageBarTitle>{text.seatsUnread}</MessageBarTitle> <ProblemText problem={planned.skusUnread} />
        </MessageBarBody>
      </MessageBar>
    );
  }
  if (planned.skus.length === 0) return null;
  const seats = seatsOf(planned, ({ row }) => row !== undefined && approved.has(row));
  if (seats.length === 0) return null;
  return (
    <table className="seats">
      <caption>{text.seats}</caption>
      <thead>
        <tr>
          <th scope="col">{text.license}</th>
          <th scope="col">{text.seatsNeeded}</th>
          <th scope="col">{text.seatsFree}</th>
          <th scope="col">{text.seatsAfter}</th>
        </tr>
      </thead>
      <tbody>
        {seats.map(({ sku, needed, free, grace }) => (
          <tr key={sku} className={needed > free ? "short" : undefined}>
            <th scope="row">{sku}</th>
            <td>{number(needed)}</td>
            <td>{grace > 0 ? text.withGrace(number(free), number(grace)) : number(free)}</td>
            <td>{needed > free ? text.lacking(number(needed - free)) : number(free - needed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
