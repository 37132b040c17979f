interface ChoiceProps<Value extends string> {
  /** Also the beginning of the test ids. */
  readonly name: string;
  readonly legend: string;
  readonly options: readonly (readonly [Value, string])[];
  readonly value: Value;
  readonly choose: (value: Value) => void;
}

/** One of a few: radio buttons that look like one control. */
export function Choice<Value extends string>({ name, legend, options, value, choose }: ChoiceProps<Value>) {
  return (
    <fieldset className="setting">
      <legend>{legend}</legend>
      <div className="segments">
        {options.map(([option, label]) => (
          <label key={option}>
            <input
              type="radio"
              name={name}
              checked={value === option}
              data-testid={`${name}-${option}`}
              onChange={() => choose(option)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
